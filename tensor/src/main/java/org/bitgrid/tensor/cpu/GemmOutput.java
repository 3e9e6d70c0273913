package org.bitgrid.tensor.cpu;

import java.util.Arrays;

/** Where the sums of a matrix product come from and go to, block by block. Blocks do not overlap. */
interface GemmOutput {
    /** Sets the values to which the products are added: 0 unless told otherwise. */
    default void start(float[] block, int stride, int row, int rows, int column, int columns) {
        Arrays.fill(block, 0, rows * stride, 0);
    }

    /** Takes the sums: element (i, j) of the product at (i - row) · stride + j - column. */
    void store(float[] block, int stride, int row, int rows, int column, int columns);
}
