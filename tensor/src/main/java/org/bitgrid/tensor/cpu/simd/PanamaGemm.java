package org.bitgrid.tensor.cpu.simd;

import static org.bitgrid.tensor.cpu.simd.PanamaSpecies.FLOATS;
import static org.bitgrid.tensor.cpu.simd.PanamaSpecies.LANES;

import jdk.incubator.vector.FloatVector;

/** What matrix tiles of all sizes share. */
abstract class PanamaGemm implements GemmKernel {
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
}
