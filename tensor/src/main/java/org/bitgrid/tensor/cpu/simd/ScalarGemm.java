package org.bitgrid.tensor.cpu.simd;

import java.util.Arrays;

/**
 * Plain Java: a row of C grows by multiples of four rows of B, in a loop that the compiler vectorises. It does so at
 * full speed only when every operand is an array of its own, hence the copies; and loops must be long, hence the wide
 * tile. Multiplies and adds separately: {@link Math#fma} without hardware for it takes a microsecond.
 */
final class ScalarGemm implements GemmKernel {
    private static final int ROWS = 16;
    private static final int COLUMNS = 1024;
    private static final int RUN = 8;

    private static final ThreadLocal<Workspace> WORKSPACE = ThreadLocal.withInitial(Workspace::new);

    /** The rows of a tile of C, and four rows of B. */
    private static final class Workspace {
        final float[][] c = new float[ROWS][COLUMNS];
        final float[][] b = new float[4][COLUMNS];
        final float[] a = new float[4 * ROWS];
    }

    @Override
    public int tileRows() {
        return ROWS;
    }

    @Override
    public int tileColumns() {
        return COLUMNS;
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
        Workspace own = WORKSPACE.get();
        for (int i = 0; i < ROWS; i++) {
            System.arraycopy(c, cAt + i * cStride, own.c[i], 0, columns);
        }
        int k = 0;
        for (; k < depth - 3; k += 4) {
            for (int step = 0; step < 4; step++) {
                System.arraycopy(b, bAt + (k + step) * columns, own.b[step], 0, columns);
            }
            addFour(own, a, aAt + k * ROWS, columns);
        }
        if (k < depth) {
            Arrays.fill(own.a, 0);
            System.arraycopy(a, aAt + k * ROWS, own.a, 0, (depth - k) * ROWS);
            for (int step = 0; step < 4; step++) {
                if (k + step < depth) {
                    System.arraycopy(b, bAt + (k + step) * columns, own.b[step], 0, columns);
                } else {
                    Arrays.fill(own.b[step], 0, columns, 0);
                }
            }
            addFour(own, own.a, 0, columns);
        }
        for (int i = 0; i < ROWS; i++) {
            System.arraycopy(own.c[i], 0, c, cAt + i * cStride, columns);
        }
    }

    private static void addFour(Workspace own, float[] a, int aAt, int columns) {
        for (int i = 0; i < ROWS; i++) {
            int at = aAt + i;
            add(own.c[i], own.b[0], own.b[1], own.b[2], own.b[3], a[at], a[at + ROWS], a[at + 2 * ROWS],
                    a[at + 3 * ROWS], columns);
        }
    }

    /** Several rows of C in one loop would read B less often, but JDK 17 does not vectorise such a loop. */
    private static void add(float[] c, float[] b0, float[] b1, float[] b2, float[] b3, float x0, float x1, float x2,
                            float x3, int columns) {
        for (int j = 0; j < columns; j++) {
            c[j] = c[j] + x0 * b0[j] + x1 * b1[j] + x2 * b2[j] + x3 * b3[j];
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
    public void copyMasked(float[] from, int[] rows, int rowCount, int[] runs, int runCount, int[] masks,
                           int[] maskRows, float[] to, int toAt, int toStride) {
        for (int row = 0; row < rowCount; row++) {
            for (int run = 0; run < 3 * runCount; run += 3) {
                copyMasked(from, rows[row] + runs[run], masks, maskRows[row] + runs[run + 2], to,
                        toAt + row * toStride + runs[run + 1]);
            }
        }
    }

    private static void copyMasked(float[] from, int fromAt, int[] masks, int maskAt, float[] to, int toAt) {
        for (int i = 0; i < RUN; i++) {
            to[toAt + i] = masks[maskAt + i] == 0 ? 0 : from[fromAt + i];
        }
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
