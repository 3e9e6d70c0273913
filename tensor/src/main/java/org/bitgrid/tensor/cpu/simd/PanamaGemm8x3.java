package org.bitgrid.tensor.cpu.simd;

import static org.bitgrid.tensor.cpu.simd.PanamaSpecies.FLOATS;
import static org.bitgrid.tensor.cpu.simd.PanamaSpecies.LANES;

import jdk.incubator.vector.FloatVector;

/**
 * Tiles of 8 rows by 3 vectors: 24 accumulators, 3 vectors of B and one of A in 32 registers. The accumulators are
 * local variables because the compiler does not take arrays of vectors apart; the source is long for that reason.
 */
final class PanamaGemm8x3 implements GemmKernel {
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
    public int columnStep() {
        return LANES;
    }

    @Override
    public void tile(int columns, int depth, float[] a, int aAt, float[] b, int bAt, int bStride, float[] c, int cAt,
                     int cStride, boolean add) {
        if (columns == 3 * LANES) {
            three(depth, a, aAt, b, bAt, bStride, c, cAt, cStride, add);
        } else if (columns == 2 * LANES) {
            two(depth, a, aAt, b, bAt, bStride, c, cAt, cStride, add);
        } else {
            one(depth, a, aAt, b, bAt, bStride, c, cAt, cStride, add);
        }
    }

    private static void three(int depth, float[] a, int aAt, float[] b, int bAt, int bStride, float[] c, int cAt,
                              int cStride, boolean add) {
        FloatVector c00 = FloatVector.zero(FLOATS);
        FloatVector c01 = FloatVector.zero(FLOATS);
        FloatVector c02 = FloatVector.zero(FLOATS);
        FloatVector c10 = FloatVector.zero(FLOATS);
        FloatVector c11 = FloatVector.zero(FLOATS);
        FloatVector c12 = FloatVector.zero(FLOATS);
        FloatVector c20 = FloatVector.zero(FLOATS);
        FloatVector c21 = FloatVector.zero(FLOATS);
        FloatVector c22 = FloatVector.zero(FLOATS);
        FloatVector c30 = FloatVector.zero(FLOATS);
        FloatVector c31 = FloatVector.zero(FLOATS);
        FloatVector c32 = FloatVector.zero(FLOATS);
        FloatVector c40 = FloatVector.zero(FLOATS);
        FloatVector c41 = FloatVector.zero(FLOATS);
        FloatVector c42 = FloatVector.zero(FLOATS);
        FloatVector c50 = FloatVector.zero(FLOATS);
        FloatVector c51 = FloatVector.zero(FLOATS);
        FloatVector c52 = FloatVector.zero(FLOATS);
        FloatVector c60 = FloatVector.zero(FLOATS);
        FloatVector c61 = FloatVector.zero(FLOATS);
        FloatVector c62 = FloatVector.zero(FLOATS);
        FloatVector c70 = FloatVector.zero(FLOATS);
        FloatVector c71 = FloatVector.zero(FLOATS);
        FloatVector c72 = FloatVector.zero(FLOATS);
        for (int k = 0; k < depth; k++) {
            FloatVector b0 = FloatVector.fromArray(FLOATS, b, bAt);
            FloatVector b1 = FloatVector.fromArray(FLOATS, b, bAt + LANES);
            FloatVector b2 = FloatVector.fromArray(FLOATS, b, bAt + 2 * LANES);
            FloatVector x = FloatVector.broadcast(FLOATS, a[aAt]);
            c00 = x.fma(b0, c00);
            c01 = x.fma(b1, c01);
            c02 = x.fma(b2, c02);
            x = FloatVector.broadcast(FLOATS, a[aAt + 1]);
            c10 = x.fma(b0, c10);
            c11 = x.fma(b1, c11);
            c12 = x.fma(b2, c12);
            x = FloatVector.broadcast(FLOATS, a[aAt + 2]);
            c20 = x.fma(b0, c20);
            c21 = x.fma(b1, c21);
            c22 = x.fma(b2, c22);
            x = FloatVector.broadcast(FLOATS, a[aAt + 3]);
            c30 = x.fma(b0, c30);
            c31 = x.fma(b1, c31);
            c32 = x.fma(b2, c32);
            x = FloatVector.broadcast(FLOATS, a[aAt + 4]);
            c40 = x.fma(b0, c40);
            c41 = x.fma(b1, c41);
            c42 = x.fma(b2, c42);
            x = FloatVector.broadcast(FLOATS, a[aAt + 5]);
            c50 = x.fma(b0, c50);
            c51 = x.fma(b1, c51);
            c52 = x.fma(b2, c52);
            x = FloatVector.broadcast(FLOATS, a[aAt + 6]);
            c60 = x.fma(b0, c60);
            c61 = x.fma(b1, c61);
            c62 = x.fma(b2, c62);
            x = FloatVector.broadcast(FLOATS, a[aAt + 7]);
            c70 = x.fma(b0, c70);
            c71 = x.fma(b1, c71);
            c72 = x.fma(b2, c72);
            aAt += ROWS;
            bAt += bStride;
        }
        store(c00, c01, c02, c, cAt, add);
        store(c10, c11, c12, c, cAt + cStride, add);
        store(c20, c21, c22, c, cAt + 2 * cStride, add);
        store(c30, c31, c32, c, cAt + 3 * cStride, add);
        store(c40, c41, c42, c, cAt + 4 * cStride, add);
        store(c50, c51, c52, c, cAt + 5 * cStride, add);
        store(c60, c61, c62, c, cAt + 6 * cStride, add);
        store(c70, c71, c72, c, cAt + 7 * cStride, add);
    }

    private static void store(FloatVector v0, FloatVector v1, FloatVector v2, float[] c, int at, boolean add) {
        store(v0, c, at, add);
        store(v1, c, at + LANES, add);
        store(v2, c, at + 2 * LANES, add);
    }

    private static void two(int depth, float[] a, int aAt, float[] b, int bAt, int bStride, float[] c, int cAt,
                              int cStride, boolean add) {
        FloatVector c00 = FloatVector.zero(FLOATS);
        FloatVector c01 = FloatVector.zero(FLOATS);
        FloatVector c10 = FloatVector.zero(FLOATS);
        FloatVector c11 = FloatVector.zero(FLOATS);
        FloatVector c20 = FloatVector.zero(FLOATS);
        FloatVector c21 = FloatVector.zero(FLOATS);
        FloatVector c30 = FloatVector.zero(FLOATS);
        FloatVector c31 = FloatVector.zero(FLOATS);
        FloatVector c40 = FloatVector.zero(FLOATS);
        FloatVector c41 = FloatVector.zero(FLOATS);
        FloatVector c50 = FloatVector.zero(FLOATS);
        FloatVector c51 = FloatVector.zero(FLOATS);
        FloatVector c60 = FloatVector.zero(FLOATS);
        FloatVector c61 = FloatVector.zero(FLOATS);
        FloatVector c70 = FloatVector.zero(FLOATS);
        FloatVector c71 = FloatVector.zero(FLOATS);
        for (int k = 0; k < depth; k++) {
            FloatVector b0 = FloatVector.fromArray(FLOATS, b, bAt);
            FloatVector b1 = FloatVector.fromArray(FLOATS, b, bAt + LANES);
            FloatVector x = FloatVector.broadcast(FLOATS, a[aAt]);
            c00 = x.fma(b0, c00);
            c01 = x.fma(b1, c01);
            x = FloatVector.broadcast(FLOATS, a[aAt + 1]);
            c10 = x.fma(b0, c10);
            c11 = x.fma(b1, c11);
            x = FloatVector.broadcast(FLOATS, a[aAt + 2]);
            c20 = x.fma(b0, c20);
            c21 = x.fma(b1, c21);
            x = FloatVector.broadcast(FLOATS, a[aAt + 3]);
            c30 = x.fma(b0, c30);
            c31 = x.fma(b1, c31);
            x = FloatVector.broadcast(FLOATS, a[aAt + 4]);
            c40 = x.fma(b0, c40);
            c41 = x.fma(b1, c41);
            x = FloatVector.broadcast(FLOATS, a[aAt + 5]);
            c50 = x.fma(b0, c50);
            c51 = x.fma(b1, c51);
            x = FloatVector.broadcast(FLOATS, a[aAt + 6]);
            c60 = x.fma(b0, c60);
            c61 = x.fma(b1, c61);
            x = FloatVector.broadcast(FLOATS, a[aAt + 7]);
            c70 = x.fma(b0, c70);
            c71 = x.fma(b1, c71);
            aAt += ROWS;
            bAt += bStride;
        }
        store(c00, c01, c, cAt, add);
        store(c10, c11, c, cAt + cStride, add);
        store(c20, c21, c, cAt + 2 * cStride, add);
        store(c30, c31, c, cAt + 3 * cStride, add);
        store(c40, c41, c, cAt + 4 * cStride, add);
        store(c50, c51, c, cAt + 5 * cStride, add);
        store(c60, c61, c, cAt + 6 * cStride, add);
        store(c70, c71, c, cAt + 7 * cStride, add);
    }

    private static void store(FloatVector v0, FloatVector v1, float[] c, int at, boolean add) {
        store(v0, c, at, add);
        store(v1, c, at + LANES, add);
    }

    private static void one(int depth, float[] a, int aAt, float[] b, int bAt, int bStride, float[] c, int cAt,
                              int cStride, boolean add) {
        FloatVector c00 = FloatVector.zero(FLOATS);
        FloatVector c10 = FloatVector.zero(FLOATS);
        FloatVector c20 = FloatVector.zero(FLOATS);
        FloatVector c30 = FloatVector.zero(FLOATS);
        FloatVector c40 = FloatVector.zero(FLOATS);
        FloatVector c50 = FloatVector.zero(FLOATS);
        FloatVector c60 = FloatVector.zero(FLOATS);
        FloatVector c70 = FloatVector.zero(FLOATS);
        for (int k = 0; k < depth; k++) {
            FloatVector b0 = FloatVector.fromArray(FLOATS, b, bAt);
            FloatVector x = FloatVector.broadcast(FLOATS, a[aAt]);
            c00 = x.fma(b0, c00);
            x = FloatVector.broadcast(FLOATS, a[aAt + 1]);
            c10 = x.fma(b0, c10);
            x = FloatVector.broadcast(FLOATS, a[aAt + 2]);
            c20 = x.fma(b0, c20);
            x = FloatVector.broadcast(FLOATS, a[aAt + 3]);
            c30 = x.fma(b0, c30);
            x = FloatVector.broadcast(FLOATS, a[aAt + 4]);
            c40 = x.fma(b0, c40);
            x = FloatVector.broadcast(FLOATS, a[aAt + 5]);
            c50 = x.fma(b0, c50);
            x = FloatVector.broadcast(FLOATS, a[aAt + 6]);
            c60 = x.fma(b0, c60);
            x = FloatVector.broadcast(FLOATS, a[aAt + 7]);
            c70 = x.fma(b0, c70);
            aAt += ROWS;
            bAt += bStride;
        }
        store(c00, c, cAt, add);
        store(c10, c, cAt + cStride, add);
        store(c20, c, cAt + 2 * cStride, add);
        store(c30, c, cAt + 3 * cStride, add);
        store(c40, c, cAt + 4 * cStride, add);
        store(c50, c, cAt + 5 * cStride, add);
        store(c60, c, cAt + 6 * cStride, add);
        store(c70, c, cAt + 7 * cStride, add);
    }

    private static void store(FloatVector v0, float[] c, int at, boolean add) {
        (add ? FloatVector.fromArray(FLOATS, c, at).add(v0) : v0).intoArray(c, at);
    }
}
