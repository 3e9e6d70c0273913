package org.bitgrid.tensor.cpu.simd;

import static org.bitgrid.tensor.cpu.simd.PanamaSpecies.FLOATS;
import static org.bitgrid.tensor.cpu.simd.PanamaSpecies.LANES;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/** What matrix tiles of all sizes share. */
abstract class PanamaGemm implements GemmKernel {
    private static final VectorSpecies<Integer> INTS = VectorSpecies.of(int.class, FLOATS.vectorShape());
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
    public final void copyMasked(float[] from, int[] rows, int rowCount, int[] runs, int runCount, int[] masks,
                                 int[] maskRows, float[] to, int toAt, int toStride) {
        for (int row = 0; row < rowCount; row++) {
            copyMaskedRow(from, rows[row], runs, runCount, masks, maskRows[row], to, toAt + row * toStride);
        }
    }

    private static void copyMaskedRow(float[] from, int fromAt, int[] runs, int runCount, int[] masks, int maskAt,
                                      float[] to, int toAt) {
        for (int run = 0; run < 3 * runCount; run += 3) {
            IntVector mask = IntVector.fromArray(INTS, masks, maskAt + runs[run + 2]);
            load(from, fromAt + runs[run]).reinterpretAsInts().and(mask).reinterpretAsFloats()
                    .intoArray(to, toAt + runs[run + 1]);
        }
    }

    @Override
    public final void copyRows(float[] from, int fromAt, int fromStride, int step, int rows, int count, float[] to,
                               int toAt, int toStride) {
        int inOne = step == 1 ? LANES : LANES / 2;
        int reach = (count + inOne - 1) / inOne * LANES;
        int row = 0;
        if (reach == LANES && fromAt + (rows - 1) * fromStride + LANES <= from.length) {
            copyShortRows(from, fromAt, fromStride, step, rows, to, toAt, toStride);
            return;
        }
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

    /** Rows of a vector each. */
    private static void copyShortRows(float[] from, int fromAt, int fromStride, int step, int rows, float[] to,
                                      int toAt, int toStride) {
        if (step == 1) {
            for (int row = 0; row < rows; row++) {
                load(from, fromAt + row * fromStride).intoArray(to, toAt + row * toStride);
            }
        } else {
            for (int row = 0; row < rows; row++) {
                load(from, fromAt + row * fromStride).rearrange(EVERY_SECOND).intoArray(to, toAt + row * toStride);
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
