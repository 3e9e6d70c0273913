package org.bitgrid.tensor.cpu.simd;

import static org.bitgrid.tensor.cpu.simd.PanamaSpecies.FLOATS;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/** Vector API, the rest of each plane in plain Java. */
final class PanamaPlanes implements VectorPlanes {
    private static final int WIDTH = PanamaSpecies.LANES;

    private static FloatVector load(float[] array, int at) {
        return FloatVector.fromArray(FLOATS, array, at);
    }

    private static FloatVector all(float value) {
        return FloatVector.broadcast(FLOATS, value);
    }

    @Override
    public void addSums(float[] x, int at, int size, int channels, float[] sums) {
        for (int c = 0; c < channels; c++) {
            int i = at + c * size;
            int end = i + size;
            int lane = c * LANES;
            FloatVector sum0 = load(sums, lane);
            FloatVector sum1 = FloatVector.zero(FLOATS);
            for (; i <= end - 2 * WIDTH; i += 2 * WIDTH) {
                sum0 = sum0.add(load(x, i));
                sum1 = sum1.add(load(x, i + WIDTH));
            }
            for (; i <= end - WIDTH; i += WIDTH) {
                sum0 = sum0.add(load(x, i));
            }
            sum0.add(sum1).intoArray(sums, lane);
            for (; i < end; i++) {
                sums[lane++] += x[i];
            }
        }
    }

    @Override
    public void addSquares(float[] x, int at, int size, int channels, float[] means, float[] sums) {
        for (int c = 0; c < channels; c++) {
            int i = at + c * size;
            int end = i + size;
            int lane = c * LANES;
            FloatVector centre = all(means[c]);
            FloatVector sum0 = load(sums, lane);
            FloatVector sum1 = FloatVector.zero(FLOATS);
            for (; i <= end - 2 * WIDTH; i += 2 * WIDTH) {
                FloatVector d0 = load(x, i).sub(centre);
                FloatVector d1 = load(x, i + WIDTH).sub(centre);
                sum0 = d0.fma(d0, sum0);
                sum1 = d1.fma(d1, sum1);
            }
            for (; i <= end - WIDTH; i += WIDTH) {
                FloatVector d = load(x, i).sub(centre);
                sum0 = d.fma(d, sum0);
            }
            sum0.add(sum1).intoArray(sums, lane);
            for (; i < end; i++) {
                float d = x[i] - means[c];
                sums[lane++] += d * d;
            }
        }
    }

    @Override
    public void addGradients(float[] grad, int gradAt, float[] x, int xAt, int size, int channels, float[] means,
                             int meansAt, float[] sums, float[] products) {
        for (int c = 0; c < channels; c++) {
            int i = c * size;
            int end = i + size;
            int lane = c * LANES;
            float mean = means[meansAt + c];
            FloatVector centre = all(mean);
            FloatVector sum = load(sums, lane);
            FloatVector product = load(products, lane);
            for (; i <= end - WIDTH; i += WIDTH) {
                FloatVector g = load(grad, gradAt + i);
                sum = sum.add(g);
                product = load(x, xAt + i).sub(centre).fma(g, product);
            }
            sum.intoArray(sums, lane);
            product.intoArray(products, lane);
            for (; i < end; i++) {
                sums[lane] += grad[gradAt + i];
                products[lane++] += grad[gradAt + i] * (x[xAt + i] - mean);
            }
        }
    }

    @Override
    public void addGatedGradients(float[] grad, int gradAt, float[] y, int yAt, float[] x, int xAt, int size,
                                  int channels, float[] means, int meansAt, float[] sums, float[] products) {
        FloatVector zero = FloatVector.zero(FLOATS);
        for (int c = 0; c < channels; c++) {
            int i = c * size;
            int end = i + size;
            int lane = c * LANES;
            float mean = means[meansAt + c];
            FloatVector centre = all(mean);
            FloatVector sum = load(sums, lane);
            FloatVector product = load(products, lane);
            for (; i <= end - WIDTH; i += WIDTH) {
                VectorMask<Float> open = load(y, yAt + i).compare(VectorOperators.GT, zero);
                FloatVector g = zero.blend(load(grad, gradAt + i), open);
                sum = sum.add(g);
                product = load(x, xAt + i).sub(centre).fma(g, product);
            }
            sum.intoArray(sums, lane);
            product.intoArray(products, lane);
            for (; i < end; i++) {
                float g = y[yAt + i] > 0 ? grad[gradAt + i] : 0;
                sums[lane] += g;
                products[lane++] += g * (x[xAt + i] - mean);
            }
        }
    }

    @Override
    public void affine(float[] x, int xAt, float[] y, int yAt, int count, float centre, float slope, float shift) {
        FloatVector centres = all(centre);
        FloatVector slopes = all(slope);
        FloatVector shifts = all(shift);
        int i = 0;
        for (; i <= count - WIDTH; i += WIDTH) {
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
        for (; i <= count - WIDTH; i += WIDTH) {
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
        for (; i <= count - WIDTH; i += WIDTH) {
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
        for (; i <= count - WIDTH; i += WIDTH) {
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
