package org.bitgrid.tensor.cpu.simd;

import static org.bitgrid.tensor.cpu.simd.PanamaSpecies.FLOATS;
import static org.bitgrid.tensor.cpu.simd.PanamaSpecies.LANES;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/** Vector API, the rest of each plane in plain Java. */
final class PanamaPlanes implements VectorPlanes {
    private static FloatVector load(float[] array, int at) {
        return FloatVector.fromArray(FLOATS, array, at);
    }

    private static FloatVector all(float value) {
        return FloatVector.broadcast(FLOATS, value);
    }

    @Override
    public void affine(float[] x, int xAt, float[] y, int yAt, int count, float centre, float slope, float shift) {
        FloatVector centres = all(centre);
        FloatVector slopes = all(slope);
        FloatVector shifts = all(shift);
        int i = 0;
        for (; i <= count - LANES; i += LANES) {
            load(x, xAt + i).sub(centres).fma(slopes, shifts).intoArray(y, yAt + i);
        }
        for (; i < count; i++) {
            y[yAt + i] = Math.fma(x[xAt + i] - centre, slope, shift);
        }
    }

    @Override
    public void affineRelu(float[] x, int xAt, float[] y, int yAt, int count, float centre, float slope,
                           float shift) {
        FloatVector centres = all(centre);
        FloatVector slopes = all(slope);
        FloatVector shifts = all(shift);
        FloatVector zero = all(0);
        int i = 0;
        for (; i <= count - LANES; i += LANES) {
            load(x, xAt + i).sub(centres).fma(slopes, shifts).max(zero).intoArray(y, yAt + i);
        }
        for (; i < count; i++) {
            y[yAt + i] = Math.max(Math.fma(x[xAt + i] - centre, slope, shift), 0f);
        }
    }

    @Override
    public void combine(float[] grad, int gradAt, float[] x, int xAt, float[] out, int outAt, int count,
                        float gradSlope, float centre, float xSlope, float shift) {
        FloatVector gradSlopes = all(gradSlope);
        FloatVector centres = all(centre);
        FloatVector xSlopes = all(xSlope);
        FloatVector shifts = all(shift);
        int i = 0;
        for (; i <= count - LANES; i += LANES) {
            FloatVector rest = load(x, xAt + i).sub(centres).fma(xSlopes, shifts);
            load(grad, gradAt + i).fma(gradSlopes, rest).intoArray(out, outAt + i);
        }
        for (; i < count; i++) {
            out[outAt + i] = Math.fma(grad[gradAt + i], gradSlope, Math.fma(x[xAt + i] - centre, xSlope, shift));
        }
    }

    @Override
    public void gatedCombine(float[] grad, int gradAt, float[] y, int yAt, float[] x, int xAt, float[] out, int outAt,
                             int count, float gradSlope, float centre, float xSlope, float shift) {
        FloatVector gradSlopes = all(gradSlope);
        FloatVector centres = all(centre);
        FloatVector xSlopes = all(xSlope);
        FloatVector shifts = all(shift);
        FloatVector zero = all(0);
        int i = 0;
        for (; i <= count - LANES; i += LANES) {
            VectorMask<Float> open = load(y, yAt + i).compare(VectorOperators.GT, zero);
            FloatVector g = zero.blend(load(grad, gradAt + i), open);
            FloatVector rest = load(x, xAt + i).sub(centres).fma(xSlopes, shifts);
            g.fma(gradSlopes, rest).intoArray(out, outAt + i);
        }
        for (; i < count; i++) {
            float g = y[yAt + i] > 0 ? grad[gradAt + i] : 0;
            out[outAt + i] = Math.fma(g, gradSlope, Math.fma(x[xAt + i] - centre, xSlope, shift));
        }
    }
}
