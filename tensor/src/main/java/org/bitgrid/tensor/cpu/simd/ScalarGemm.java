package org.bitgrid.tensor.cpu.simd;

/** Plain Java: rows of C grow by multiples of rows of B in loops that the compiler vectorises. */
final class ScalarGemm implements GemmKernel {
    private static final int ROWS = 4;
    private static final int RUN = 8;

    @Override
    public int tileRows() {
        return ROWS;
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
    public int runLength() {
        return RUN;
    }

    @Override
    public void tile(int columns, int depth, float[] a, int aAt, float[] b, int bAt, float[] c, int cAt, int cStride) {
        for (int i = 0; i < ROWS; i++) {
            int row = cAt + i * cStride;
            for (int k = 0; k < depth; k++) {
                float x = a[aAt + k * ROWS + i];
                int from = bAt + k * columns;
                for (int j = 0; j < columns; j++) {
                    c[row + j] += x * b[from + j];
                }
            }
        }
    }

    @Override
    public void copyRuns(float[] from, int[] rows, int rowCount, int[] runs, int runCount, float[] to, int toAt,
                         int toStride) {
        for (int row = 0; row < rowCount; row++) {
            int source = rows[row];
            int target = toAt + row * toStride;
            for (int run = 0; run < 2 * runCount; run += 2) {
                copyRun(from, source + runs[run], to, target + runs[run + 1]);
            }
        }
    }

    private static void copyRun(float[] from, int fromAt, float[] to, int toAt) {
        to[toAt] = from[fromAt];
        to[toAt + 1] = from[fromAt + 1];
        to[toAt + 2] = from[fromAt + 2];
        to[toAt + 3] = from[fromAt + 3];
        to[toAt + 4] = from[fromAt + 4];
        to[toAt + 5] = from[fromAt + 5];
        to[toAt + 6] = from[fromAt + 6];
        to[toAt + 7] = from[fromAt + 7];
    }

    @Override
    public void copyRows(float[] from, int fromAt, int fromStride, int step, int rows, int count, float[] to, int toAt,
                         int toStride) {
        for (int row = 0; row < rows; row++) {
            int source = fromAt + row * fromStride;
            int target = toAt + row * toStride;
            for (int i = 0; i < count; i++) {
                to[target + i] = from[source + i * step];
            }
        }
    }
}
