package org.bitgrid.tensor.cpu;

import java.util.Arrays;

/**
 * Planes of a batch of images as the result of a product: row i is channel i, column j = n · positions + (oh, ow),
 * which goes to element (oh · stepH + atH, ow · stepW + atW) of the plane.
 *
 * @param offset       of the first plane of the first sample
 * @param sampleStride distance in elements between samples
 * @param height       of a plane
 * @param width        of a plane
 * @param bias         what to start channel i from, at biasAt + i; null for 0
 */
record PlaneOutput(float[] data, int offset, int sampleStride, int height, int width, int outputH, int outputW,
                   int stepH, int stepW, int atH, int atW, float[] bias, int biasAt) implements GemmOutput {
    @Override
    public void start(float[] block, int stride, int row, int rows, int column, int columns) {
        for (int i = 0; i < rows; i++) {
            Arrays.fill(block, i * stride, (i + 1) * stride, bias == null ? 0 : bias[biasAt + row + i]);
        }
    }

    @Override
    public void store(float[] block, int stride, int row, int rows, int column, int columns) {
        int positions = outputH * outputW;
        boolean whole = stepH == 1 && stepW == 1 && width == outputW;
        for (int j = 0; j < columns; ) {
            int position = (column + j) % positions;
            int oh = position / outputW;
            int ow = position % outputW;
            int count = Math.min(columns - j, whole ? positions - position : outputW - ow);
            int target = offset + (column + j) / positions * sampleStride + row * height * width
                    + (oh * stepH + atH) * width + ow * stepW + atW;
            if (stepW == 1) {
                for (int i = 0; i < rows; i++) {
                    System.arraycopy(block, i * stride + j, data, target + i * height * width, count);
                }
            } else {
                for (int k = 0; k < count; k++) {
                    storeColumn(block, j + k, stride, target + k * stepW, rows);
                }
            }
            j += count;
        }
    }

    /** One element of each plane: a long loop, where the rows of a plane may be short. */
    private void storeColumn(float[] block, int from, int stride, int to, int rows) {
        int plane = height * width;
        for (int i = 0; i < rows; i++) {
            data[to + i * plane] = block[from + i * stride];
        }
    }
}
