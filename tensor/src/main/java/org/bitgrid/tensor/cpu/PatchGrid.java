package org.bitgrid.tensor.cpu;

/**
 * Which elements of planes (H, W) a window meets: output position (oh, ow) and tap t meet element (oh · stepH +
 * tapH[t], ow · stepW + tapW[t]), or nothing where that lies outside.
 *
 * @param height    H
 * @param width     W
 * @param outputH   number of positions along the height
 * @param outputW   number of positions along the width
 * @param tapH      row of each tap, padding taken off
 * @param tapW      column of each tap, padding taken off
 * @param firstTapH the least of the rows
 * @param firstTapW the least of the columns
 * @param spanH     rows between the first and the last tap
 * @param spanW     columns between the first and the last tap
 */
record PatchGrid(int height, int width, int outputH, int outputW, int stepH, int stepW, int[] tapH, int[] tapW,
                 int firstTapH, int firstTapW, int spanH, int spanW) {
    static PatchGrid of(int height, int width, int outputH, int outputW, int stepH, int stepW, int[] tapH,
                        int[] tapW) {
        int firstH = least(tapH);
        int firstW = least(tapW);
        return new PatchGrid(height, width, outputH, outputW, stepH, stepW, tapH, tapW, firstH, firstW,
                most(tapH) - firstH, most(tapW) - firstW);
    }

    private static int least(int[] taps) {
        int least = taps.length == 0 ? 0 : taps[0];
        for (int tap : taps) {
            least = Math.min(least, tap);
        }
        return least;
    }

    private static int most(int[] taps) {
        int most = taps.length == 0 ? 0 : taps[0];
        for (int tap : taps) {
            most = Math.max(most, tap);
        }
        return most;
    }

    int taps() {
        return tapH.length;
    }

    /** Positions in one sample. */
    int positions() {
        return outputH * outputW;
    }

    /** Whether neighbouring positions meet neighbouring elements and none lies outside. */
    boolean isPlain() {
        return stepH == 1 && stepW == 1 && firstTapH >= 0 && firstTapW >= 0
                && firstTapH + spanH + outputH <= height && firstTapW + spanW + outputW <= width;
    }
}
