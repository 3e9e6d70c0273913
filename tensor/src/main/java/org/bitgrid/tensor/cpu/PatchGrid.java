package org.bitgrid.tensor.cpu;

import java.util.Arrays;

/**
 * Which elements of planes (H, W) a window meets: output position (oh, ow) and tap t meet element (oh · stepH +
 * tapH[t], ow · stepW + tapW[t]), or nothing where that lies outside.
 *
 * @param height  H
 * @param width   W
 * @param outputH number of positions along the height
 * @param outputW number of positions along the width
 * @param tapH    row of each tap, padding taken off
 * @param tapW    column of each tap, padding taken off
 */
record PatchGrid(int height, int width, int outputH, int outputW, int stepH, int stepW, int[] tapH, int[] tapW) {
    int taps() {
        return tapH.length;
    }

    /** Positions in one sample. */
    int positions() {
        return outputH * outputW;
    }

    int firstTapH() {
        return Arrays.stream(tapH).min().orElse(0);
    }

    int firstTapW() {
        return Arrays.stream(tapW).min().orElse(0);
    }

    private int lastTapH() {
        return Arrays.stream(tapH).max().orElse(0);
    }

    private int lastTapW() {
        return Arrays.stream(tapW).max().orElse(0);
    }

    /** Rows between the first and the last tap. */
    int spanH() {
        return lastTapH() - firstTapH();
    }

    /** Columns between the first and the last tap. */
    int spanW() {
        return lastTapW() - firstTapW();
    }

    /** Whether neighbouring positions meet neighbouring elements and none lies outside. */
    boolean isPlain() {
        return stepH == 1 && stepW == 1 && firstTapH() >= 0 && firstTapW() >= 0
                && lastTapH() + outputH <= height && lastTapW() + outputW <= width;
    }
}
