package org.bitgrid.tensor.cpu.simd;

import static org.bitgrid.tensor.cpu.simd.PanamaSpecies.FLOATS;
import static org.bitgrid.tensor.cpu.simd.PanamaSpecies.LANES;

import jdk.incubator.vector.FloatVector;

/**
 * Tiles of 6 rows by 2 vectors: 12 accumulators, 2 vectors of B and one of A in 16 registers. Written as
 * {@link PanamaGemm8x3} is, for the same reasons.
 */
final class PanamaGemm6x2 extends PanamaGemm {
    private static final int ROWS = 6;

    @Override
    public int tileRows() {
        return ROWS;
    }

    @Override
    public int tileColumns() {
        return 2 * LANES;
    }

    @Override
    public void tile(int columns, int depth, float[] a, int aAt, float[] b, int bAt, float[] c, int cAt, int cStride) {
        if (columns == 2 * LANES) {
            two(depth, a, aAt, b, bAt, c, cAt, cStride);
        } else {
            one(depth, a, aAt, b, bAt, c, cAt, cStride);
        }
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
    }

    private static void one(int depth, float[] a, int aAt, float[] b, int bAt, float[] c, int cAt, int cStride) {
        FloatVector c00 = load(c, cAt);
        FloatVector c10 = load(c, cAt + cStride);
        FloatVector c20 = load(c, cAt + 2 * cStride);
        FloatVector c30 = load(c, cAt + 3 * cStride);
        FloatVector c40 = load(c, cAt + 4 * cStride);
        FloatVector c50 = load(c, cAt + 5 * cStride);
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
        }
        c00.intoArray(c, cAt);
        c10.intoArray(c, cAt + cStride);
        c20.intoArray(c, cAt + 2 * cStride);
        c30.intoArray(c, cAt + 3 * cStride);
        c40.intoArray(c, cAt + 4 * cStride);
        c50.intoArray(c, cAt + 5 * cStride);
    }
}
