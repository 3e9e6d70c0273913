package org.bitgrid.tensor.cpu.simd;

import static org.bitgrid.tensor.cpu.simd.PanamaSpecies.FLOATS;
import static org.bitgrid.tensor.cpu.simd.PanamaSpecies.LANES;

import jdk.incubator.vector.FloatVector;

/** Vector API, at the width of {@link PanamaSpecies}. */
final class PanamaVectorMath implements VectorMath {
    @Override
    public int lanes() {
        return LANES;
    }

    @Override
    public float dot(float[] x, int xAt, float[] y, int yAt, int count) {
        FloatVector sum0 = FloatVector.zero(FLOATS);
        FloatVector sum1 = FloatVector.zero(FLOATS);
        FloatVector sum2 = FloatVector.zero(FLOATS);
        FloatVector sum3 = FloatVector.zero(FLOATS);
        int i = 0;
        for (; i <= count - 4 * LANES; i += 4 * LANES) {
            sum0 = load(x, xAt + i).fma(load(y, yAt + i), sum0);
            sum1 = load(x, xAt + i + LANES).fma(load(y, yAt + i + LANES), sum1);
            sum2 = load(x, xAt + i + 2 * LANES).fma(load(y, yAt + i + 2 * LANES), sum2);
            sum3 = load(x, xAt + i + 3 * LANES).fma(load(y, yAt + i + 3 * LANES), sum3);
        }
        for (; i <= count - LANES; i += LANES) {
            sum0 = load(x, xAt + i).fma(load(y, yAt + i), sum0);
        }
        float sum = PanamaSpecies.foldedSum(sum0.add(sum1).add(sum2.add(sum3)));
        for (; i < count; i++) {
            sum += x[xAt + i] * y[yAt + i];
        }
        return sum;
    }

    private static FloatVector load(float[] array, int at) {
        return FloatVector.fromArray(FLOATS, array, at);
    }
}
