package org.bitgrid.tensor.cpu.simd;

import static org.bitgrid.tensor.cpu.simd.PanamaSpecies.FLOATS;
import static org.bitgrid.tensor.cpu.simd.PanamaSpecies.LANES;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorShuffle;

/** What matrix tiles of all sizes share. */
abstract class PanamaGemm implements GemmKernel {
    private static final VectorShuffle<Float> EVERY_SECOND = VectorShuffle.fromOp(FLOATS, i -> 2 * i % LANES);

    @Override
    public final int columnStep() {
        return LANES;
    }

    @Override
    public final int runLength() {
        return LANES;
    }

    static FloatVector load(float[] array, int at) {
        return FloatVector.fromArray(FLOATS, array, at);
    }

    @Override
    public final void copyRuns(float[] from, int[] rows, int rowCount, int[] runs, int runCount, float[] to, int toAt,
                               int toStride) {
        for (int row = 0; row < rowCount; row++) {
            copyRow(from, rows[row], runs, runCount, to, toAt + row * toStride);
        }
    }

    private static void copyRow(float[] from, int fromAt, int[] runs, int runCount, float[] to, int toAt) {
        for (int run = 0; run < 2 * runCount; run += 2) {
            load(from, fromAt + runs[run]).intoArray(to, toAt + runs[run + 1]);
        }
    }

    @Override
    public final void copyRows(float[] from, int fromAt, int fromStride, int step, int rows, int count, float[] to,
                               int toAt, int toStride) {
        int inOne = step == 1 ? LANES : LANES / 2;
        int reach = (count + inOne - 1) / inOne * LANES;
        int row = 0;
        for (; row < rows && fromAt + row * fromStride + reach <= from.length; row++) {
            if (step == 1) {
                copyRow(from, fromAt + row * fromStride, count, to, toAt + row * toStride);
            } else {
                copyEverySecond(from, fromAt + row * fromStride, count, to, toAt + row * toStride);
            }
        }
        for (; row < rows; row++) {
            for (int i = 0; i < count; i++) {
                to[toAt + row * toStride + i] = from[fromAt + row * fromStride + i * step];
            }
        }
    }

    private static void copyRow(float[] from, int fromAt, int count, float[] to, int toAt) {
        for (int i = 0; i < count; i += LANES) {
            load(from, fromAt + i).intoArray(to, toAt + i);
        }
    }

    /** Of each vector the lower half of the result counts; the next one overwrites the upper half. */
    private static void copyEverySecond(float[] from, int fromAt, int count, float[] to, int toAt) {
        for (int i = 0; i < count; i += LANES / 2) {
            load(from, fromAt + 2 * i).rearrange(EVERY_SECOND).intoArray(to, toAt + i);
        }
    }
}
