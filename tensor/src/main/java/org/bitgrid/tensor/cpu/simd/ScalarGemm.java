package org.bitgrid.tensor.cpu.simd;

/** Plain Java: rows of C grow by multiples of rows of B in loops that the compiler vectorises. */
final class ScalarGemm implements GemmKernel {
    @Override
    public int tileRows() {
        return 4;
    }

    @Override
    public int tileColumns() {
        return 64;
    }

    @Override
    public int columnStep() {
        return 16;
    }

    @Override
    public void tile(int columns, int depth, float[] a, int aAt, float[] b, int bAt, int bStride, float[] c, int cAt,
                     int cStride, boolean add) {
        for (int i = 0; i < 4; i++) {
            int row = cAt + i * cStride;
            for (int j = 0; j < columns && !add; j++) {
                c[row + j] = 0;
            }
            for (int k = 0; k < depth; k++) {
                float x = a[aAt + k * 4 + i];
                int from = bAt + k * bStride;
                for (int j = 0; j < columns; j++) {
                    c[row + j] += x * b[from + j];
                }
            }
        }
    }
}
