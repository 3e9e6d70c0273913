package org.bitgrid.tensor.cpu.simd;

import java.util.Arrays;

/**
 * Plain Java: four rows of C at a time grow by multiples of four rows of B, in a loop that the compiler vectorises. It
 * does so at full speed only when every operand is an array of its own, hence the copies; and loops must be long, hence
 * the wide tile. Multiplies and adds separately: {@link Math#fma} without hardware for it takes a microsecond.
 */
final class ScalarGemm implements GemmKernel {
    private static final int ROWS = 16;
    private static final int COLUMNS = 512;
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
        for (int i = 0; i < ROWS; i += 4) {
            add(own.c[i], own.c[i + 1], own.c[i + 2], own.c[i + 3], own.b[0], own.b[1], own.b[2], own.b[3], a, aAt + i,
                    columns);
        }
    }

    private static void add(float[] c0, float[] c1, float[] c2, float[] c3, float[] b0, float[] b1, float[] b2,
                            float[] b3, float[] a, int at, int columns) {
        float a00 = a[at];
        float a10 = a[at + 1];
        float a20 = a[at + 2];
        float a30 = a[at + 3];
        float a01 = a[at + ROWS];
        float a11 = a[at + ROWS + 1];
        float a21 = a[at + ROWS + 2];
        float a31 = a[at + ROWS + 3];
        float a02 = a[at + 2 * ROWS];
        float a12 = a[at + 2 * ROWS + 1];
        float a22 = a[at + 2 * ROWS + 2];
        float a32 = a[at + 2 * ROWS + 3];
        float a03 = a[at + 3 * ROWS];
        float a13 = a[at + 3 * ROWS + 1];
        float a23 = a[at + 3 * ROWS + 2];
        float a33 = a[at + 3 * ROWS + 3];
        for (int j = 0; j < columns; j++) {
            float x0 = b0[j];
            float x1 = b1[j];
            float x2 = b2[j];
            float x3 = b3[j];
            c0[j] = c0[j] + a00 * x0 + a01 * x1 + a02 * x2 + a03 * x3;
            c1[j] = c1[j] + a10 * x0 + a11 * x1 + a12 * x2 + a13 * x3;
            c2[j] = c2[j] + a20 * x0 + a21 * x1 + a22 * x2 + a23 * x3;
            c3[j] = c3[j] + a30 * x0 + a31 * x1 + a32 * x2 + a33 * x3;
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
