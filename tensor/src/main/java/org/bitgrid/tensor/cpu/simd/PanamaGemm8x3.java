package org.bitgrid.tensor.cpu.simd;

import static org.bitgrid.tensor.cpu.simd.PanamaSpecies.FLOATS;
import static org.bitgrid.tensor.cpu.simd.PanamaSpecies.LANES;

import jdk.incubator.vector.FloatVector;

/**
 * Tiles of 8 rows by 3 vectors: 24 accumulators, 3 vectors of B and one of A in 32 registers.
 * 
 * <p>The accumulators are local variables because the compiler does not take arrays of vectors apart, and they start
 * from C because stores that add blow its budget of nodes: with either, the speed falls to an eighth. The counter is a
 * long because an int loop on JDK 17 under a collector without loop strip mining spills: 70 instead of 115 GFLOP/s.
 */
final class PanamaGemm8x3 extends PanamaGemm {
    private static final int ROWS = 8;

    @Override
    public int tileRows() {
        return ROWS;
    }

    @Override
    public int tileColumns() {
        return 3 * LANES;
    }

    @Override
    public void tile(int columns, int depth, float[] a, int aAt, float[] b, int bAt, float[] c, int cAt, int cStride) {
        if (columns == 3 * LANES) {
            three(depth, a, aAt, b, bAt, c, cAt, cStride);
        } else if (columns == 2 * LANES) {
            two(depth, a, aAt, b, bAt, c, cAt, cStride);
        } else {
            one(depth, a, aAt, b, bAt, c, cAt, cStride);
        }
    }

    private static void three(int depth, float[] a, int aAt, float[] b, int bAt, float[] c, int cAt, int cStride) {
        FloatVector c00 = load(c, cAt);
        FloatVector c01 = load(c, cAt + LANES);
        FloatVector c02 = load(c, cAt + 2 * LANES);
        FloatVector c10 = load(c, cAt + cStride);
        FloatVector c11 = load(c, cAt + cStride + LANES);
        FloatVector c12 = load(c, cAt + cStride + 2 * LANES);
        FloatVector c20 = load(c, cAt + 2 * cStride);
        FloatVector c21 = load(c, cAt + 2 * cStride + LANES);
        FloatVector c22 = load(c, cAt + 2 * cStride + 2 * LANES);
        FloatVector c30 = load(c, cAt + 3 * cStride);
        FloatVector c31 = load(c, cAt + 3 * cStride + LANES);
        FloatVector c32 = load(c, cAt + 3 * cStride + 2 * LANES);
        FloatVector c40 = load(c, cAt + 4 * cStride);
        FloatVector c41 = load(c, cAt + 4 * cStride + LANES);
        FloatVector c42 = load(c, cAt + 4 * cStride + 2 * LANES);
        FloatVector c50 = load(c, cAt + 5 * cStride);
        FloatVector c51 = load(c, cAt + 5 * cStride + LANES);
        FloatVector c52 = load(c, cAt + 5 * cStride + 2 * LANES);
        FloatVector c60 = load(c, cAt + 6 * cStride);
        FloatVector c61 = load(c, cAt + 6 * cStride + LANES);
        FloatVector c62 = load(c, cAt + 6 * cStride + 2 * LANES);
        FloatVector c70 = load(c, cAt + 7 * cStride);
        FloatVector c71 = load(c, cAt + 7 * cStride + LANES);
        FloatVector c72 = load(c, cAt + 7 * cStride + 2 * LANES);
        for (long step = 0; step < depth; step++) {
            int k = (int) step;
            FloatVector b0 = load(b, bAt + k * (3 * LANES));
            FloatVector b1 = load(b, bAt + k * (3 * LANES) + LANES);
            FloatVector b2 = load(b, bAt + k * (3 * LANES) + 2 * LANES);
            FloatVector x = FloatVector.broadcast(FLOATS, a[aAt + k * ROWS]);
            c00 = x.fma(b0, c00);
            c01 = x.fma(b1, c01);
            c02 = x.fma(b2, c02);
            x = FloatVector.broadcast(FLOATS, a[aAt + k * ROWS + 1]);
            c10 = x.fma(b0, c10);
            c11 = x.fma(b1, c11);
            c12 = x.fma(b2, c12);
            x = FloatVector.broadcast(FLOATS, a[aAt + k * ROWS + 2]);
            c20 = x.fma(b0, c20);
            c21 = x.fma(b1, c21);
            c22 = x.fma(b2, c22);
            x = FloatVector.broadcast(FLOATS, a[aAt + k * ROWS + 3]);
            c30 = x.fma(b0, c30);
            c31 = x.fma(b1, c31);
            c32 = x.fma(b2, c32);
            x = FloatVector.broadcast(FLOATS, a[aAt + k * ROWS + 4]);
            c40 = x.fma(b0, c40);
            c41 = x.fma(b1, c41);
            c42 = x.fma(b2, c42);
            x = FloatVector.broadcast(FLOATS, a[aAt + k * ROWS + 5]);
            c50 = x.fma(b0, c50);
            c51 = x.fma(b1, c51);
            c52 = x.fma(b2, c52);
            x = FloatVector.broadcast(FLOATS, a[aAt + k * ROWS + 6]);
            c60 = x.fma(b0, c60);
            c61 = x.fma(b1, c61);
            c62 = x.fma(b2, c62);
            x = FloatVector.broadcast(FLOATS, a[aAt + k * ROWS + 7]);
            c70 = x.fma(b0, c70);
            c71 = x.fma(b1, c71);
            c72 = x.fma(b2, c72);
        }
        c00.intoArray(c, cAt);
        c01.intoArray(c, cAt + LANES);
        c02.intoArray(c, cAt + 2 * LANES);
        c10.intoArray(c, cAt + cStride);
        c11.intoArray(c, cAt + cStride + LANES);
        c12.intoArray(c, cAt + cStride + 2 * LANES);
        c20.intoArray(c, cAt + 2 * cStride);
        c21.intoArray(c, cAt + 2 * cStride + LANES);
        c22.intoArray(c, cAt + 2 * cStride + 2 * LANES);
        c30.intoArray(c, cAt + 3 * cStride);
        c31.intoArray(c, cAt + 3 * cStride + LANES);
        c32.intoArray(c, cAt + 3 * cStride + 2 * LANES);
        c40.intoArray(c, cAt + 4 * cStride);
        c41.intoArray(c, cAt + 4 * cStride + LANES);
        c42.intoArray(c, cAt + 4 * cStride + 2 * LANES);
        c50.intoArray(c, cAt + 5 * cStride);
        c51.intoArray(c, cAt + 5 * cStride + LANES);
        c52.intoArray(c, cAt + 5 * cStride + 2 * LANES);
        c60.intoArray(c, cAt + 6 * cStride);
        c61.intoArray(c, cAt + 6 * cStride + LANES);
        c62.intoArray(c, cAt + 6 * cStride + 2 * LANES);
        c70.intoArray(c, cAt + 7 * cStride);
        c71.intoArray(c, cAt + 7 * cStride + LANES);
        c72.intoArray(c, cAt + 7 * cStride + 2 * LANES);
    }

    private static void two(int depth, float[] a, int aAt, float[] b, int bAt, float[] c, int cAt, int cStride) {
        FloatVector c00 = load(c, cAt);
        FloatVector c01 = load(c, cAt + LANES);
        FloatVector c10 = load(c, cAt + cStride);
        FloatVector c11 = load(c, cAt + cStride + LANES);
        FloatVector c20 = load(c, cAt + 2 * cStride);
        FloatVector c21 = load(c, cAt + 2 * cStride + LANES);
        FloatVector c30 = load(c, cAt + 3 * cStride);
        FloatVector c31 = load(c, cAt + 3 * cStride + LANES);
        FloatVector c40 = load(c, cAt + 4 * cStride);
        FloatVector c41 = load(c, cAt + 4 * cStride + LANES);
        FloatVector c50 = load(c, cAt + 5 * cStride);
        FloatVector c51 = load(c, cAt + 5 * cStride + LANES);
        FloatVector c60 = load(c, cAt + 6 * cStride);
        FloatVector c61 = load(c, cAt + 6 * cStride + LANES);
        FloatVector c70 = load(c, cAt + 7 * cStride);
        FloatVector c71 = load(c, cAt + 7 * cStride + LANES);
        for (long step = 0; step < depth; step++) {
            int k = (int) step;
            FloatVector b0 = load(b, bAt + k * (2 * LANES));
            FloatVector b1 = load(b, bAt + k * (2 * LANES) + LANES);
            FloatVector x = FloatVector.broadcast(FLOATS, a[aAt + k * ROWS]);
            c00 = x.fma(b0, c00);
            c01 = x.fma(b1, c01);
            x = FloatVector.broadcast(FLOATS, a[aAt + k * ROWS + 1]);
            c10 = x.fma(b0, c10);
            c11 = x.fma(b1, c11);
            x = FloatVector.broadcast(FLOATS, a[aAt + k * ROWS + 2]);
            c20 = x.fma(b0, c20);
            c21 = x.fma(b1, c21);
            x = FloatVector.broadcast(FLOATS, a[aAt + k * ROWS + 3]);
            c30 = x.fma(b0, c30);
            c31 = x.fma(b1, c31);
            x = FloatVector.broadcast(FLOATS, a[aAt + k * ROWS + 4]);
            c40 = x.fma(b0, c40);
            c41 = x.fma(b1, c41);
            x = FloatVector.broadcast(FLOATS, a[aAt + k * ROWS + 5]);
            c50 = x.fma(b0, c50);
            c51 = x.fma(b1, c51);
            x = FloatVector.broadcast(FLOATS, a[aAt + k * ROWS + 6]);
            c60 = x.fma(b0, c60);
            c61 = x.fma(b1, c61);
            x = FloatVector.broadcast(FLOATS, a[aAt + k * ROWS + 7]);
            c70 = x.fma(b0, c70);
            c71 = x.fma(b1, c71);
        }
        c00.intoArray(c, cAt);
        c01.intoArray(c, cAt + LANES);
        c10.intoArray(c, cAt + cStride);
        c11.intoArray(c, cAt + cStride + LANES);
        c20.intoArray(c, cAt + 2 * cStride);
        c21.intoArray(c, cAt + 2 * cStride + LANES);
        c30.intoArray(c, cAt + 3 * cStride);
        c31.intoArray(c, cAt + 3 * cStride + LANES);
        c40.intoArray(c, cAt + 4 * cStride);
        c41.intoArray(c, cAt + 4 * cStride + LANES);
        c50.intoArray(c, cAt + 5 * cStride);
        c51.intoArray(c, cAt + 5 * cStride + LANES);
        c60.intoArray(c, cAt + 6 * cStride);
        c61.intoArray(c, cAt + 6 * cStride + LANES);
        c70.intoArray(c, cAt + 7 * cStride);
        c71.intoArray(c, cAt + 7 * cStride + LANES);
    }

    private static void one(int depth, float[] a, int aAt, float[] b, int bAt, float[] c, int cAt, int cStride) {
        FloatVector c00 = load(c, cAt);
        FloatVector c10 = load(c, cAt + cStride);
        FloatVector c20 = load(c, cAt + 2 * cStride);
        FloatVector c30 = load(c, cAt + 3 * cStride);
        FloatVector c40 = load(c, cAt + 4 * cStride);
        FloatVector c50 = load(c, cAt + 5 * cStride);
        FloatVector c60 = load(c, cAt + 6 * cStride);
        FloatVector c70 = load(c, cAt + 7 * cStride);
        for (long step = 0; step < depth; step++) {
            int k = (int) step;
            FloatVector b0 = load(b, bAt + k * LANES);
            FloatVector x = FloatVector.broadcast(FLOATS, a[aAt + k * ROWS]);
            c00 = x.fma(b0, c00);
            x = FloatVector.broadcast(FLOATS, a[aAt + k * ROWS + 1]);
            c10 = x.fma(b0, c10);
            x = FloatVector.broadcast(FLOATS, a[aAt + k * ROWS + 2]);
            c20 = x.fma(b0, c20);
            x = FloatVector.broadcast(FLOATS, a[aAt + k * ROWS + 3]);
            c30 = x.fma(b0, c30);
            x = FloatVector.broadcast(FLOATS, a[aAt + k * ROWS + 4]);
            c40 = x.fma(b0, c40);
            x = FloatVector.broadcast(FLOATS, a[aAt + k * ROWS + 5]);
            c50 = x.fma(b0, c50);
            x = FloatVector.broadcast(FLOATS, a[aAt + k * ROWS + 6]);
            c60 = x.fma(b0, c60);
            x = FloatVector.broadcast(FLOATS, a[aAt + k * ROWS + 7]);
            c70 = x.fma(b0, c70);
        }
        c00.intoArray(c, cAt);
        c10.intoArray(c, cAt + cStride);
        c20.intoArray(c, cAt + 2 * cStride);
        c30.intoArray(c, cAt + 3 * cStride);
        c40.intoArray(c, cAt + 4 * cStride);
        c50.intoArray(c, cAt + 5 * cStride);
        c60.intoArray(c, cAt + 6 * cStride);
        c70.intoArray(c, cAt + 7 * cStride);
    }
}
