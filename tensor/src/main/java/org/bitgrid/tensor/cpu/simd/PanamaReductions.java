package org.bitgrid.tensor.cpu.simd;

import static org.bitgrid.tensor.cpu.simd.PanamaSpecies.FLOATS;

import jdk.incubator.vector.FloatVector;

/** Vector API: two accumulators a fold, widened to double after every block. */
final class PanamaReductions implements VectorReductions {
    private static final int WIDTH = PanamaSpecies.LANES;

    private static FloatVector load(float[] array, int at) {
        return FloatVector.fromArray(FLOATS, array, at);
    }

    private static FloatVector zero() {
        return FloatVector.zero(FLOATS);
    }

    /** Adds the lanes in double, in ascending order from four starts. */
    private static double fold(FloatVector vector, float[] lanes) {
        vector.intoArray(lanes, 0);
        double sum0 = 0;
        double sum1 = 0;
        double sum2 = 0;
        double sum3 = 0;
        for (int i = 0; i < WIDTH; i += 4) {
            sum0 += lanes[i];
            sum1 += lanes[i + 1];
            sum2 += lanes[i + 2];
            sum3 += lanes[i + 3];
        }
        return (sum0 + sum1) + (sum2 + sum3);
    }

    @Override
    public double sum(float[] x, int at, int count, float[] lanes) {
        double sum = 0;
        int i = 0;
        while (i <= count - WIDTH) {
            int end = Math.min(count, i + BLOCK);
            FloatVector sum0 = zero();
            FloatVector sum1 = zero();
            for (; i <= end - 2 * WIDTH; i += 2 * WIDTH) {
                sum0 = sum0.add(load(x, at + i));
                sum1 = sum1.add(load(x, at + i + WIDTH));
            }
            for (; i <= end - WIDTH; i += WIDTH) {
                sum0 = sum0.add(load(x, at + i));
            }
            sum += fold(sum0.add(sum1), lanes);
        }
        for (; i < count; i++) {
            sum += x[at + i];
        }
        return sum;
    }

    @Override
    public double sumOfSquares(float[] x, int at, int count, float mean, float[] lanes) {
        FloatVector centre = FloatVector.broadcast(FLOATS, mean);
        double sum = 0;
        int i = 0;
        while (i <= count - WIDTH) {
            int end = Math.min(count, i + BLOCK);
            FloatVector sum0 = zero();
            FloatVector sum1 = zero();
            for (; i <= end - 2 * WIDTH; i += 2 * WIDTH) {
                FloatVector d0 = load(x, at + i).sub(centre);
                FloatVector d1 = load(x, at + i + WIDTH).sub(centre);
                sum0 = d0.fma(d0, sum0);
                sum1 = d1.fma(d1, sum1);
            }
            for (; i <= end - WIDTH; i += WIDTH) {
                FloatVector d = load(x, at + i).sub(centre);
                sum0 = d.fma(d, sum0);
            }
            sum += fold(sum0.add(sum1), lanes);
        }
        for (; i < count; i++) {
            double d = x[at + i] - mean;
            sum += d * d;
        }
        return sum;
    }

    @Override
    public double dot(float[] x, int xAt, float[] y, int yAt, int count, float[] lanes) {
        double sum = 0;
        int i = 0;
        while (i <= count - WIDTH) {
            int end = Math.min(count, i + BLOCK);
            FloatVector sum0 = zero();
            FloatVector sum1 = zero();
            for (; i <= end - 2 * WIDTH; i += 2 * WIDTH) {
                sum0 = load(x, xAt + i).fma(load(y, yAt + i), sum0);
                sum1 = load(x, xAt + i + WIDTH).fma(load(y, yAt + i + WIDTH), sum1);
            }
            for (; i <= end - WIDTH; i += WIDTH) {
                sum0 = load(x, xAt + i).fma(load(y, yAt + i), sum0);
            }
            sum += fold(sum0.add(sum1), lanes);
        }
        for (; i < count; i++) {
            sum += (double) x[xAt + i] * y[yAt + i];
        }
        return sum;
    }

    @Override
    public void gradientSums(float[] grad, int gradAt, float[] x, int xAt, int count, float mean, double[] sums,
                             float[] lanes) {
        FloatVector centre = FloatVector.broadcast(FLOATS, mean);
        int i = 0;
        while (i <= count - WIDTH) {
            int end = Math.min(count, i + BLOCK);
            FloatVector sum = zero();
            FloatVector product = zero();
            for (; i <= end - WIDTH; i += WIDTH) {
                FloatVector g = load(grad, gradAt + i);
                sum = sum.add(g);
                product = load(x, xAt + i).sub(centre).fma(g, product);
            }
            sums[0] += fold(sum, lanes);
            sums[1] += fold(product, lanes);
        }
        for (; i < count; i++) {
            float g = grad[gradAt + i];
            sums[0] += g;
            sums[1] += (double) g * (x[xAt + i] - mean);
        }
    }

    @Override
    public float max(float[] x, int at, int count, float[] lanes) {
        float max = Float.NEGATIVE_INFINITY;
        int i = 0;
        if (count >= WIDTH) {
            FloatVector most = load(x, at);
            for (i = WIDTH; i <= count - WIDTH; i += WIDTH) {
                most = most.max(load(x, at + i));
            }
            most.intoArray(lanes, 0);
            for (int k = 0; k < WIDTH; k++) {
                max = Math.max(max, lanes[k]);
            }
        }
        for (; i < count; i++) {
            max = Math.max(max, x[at + i]);
        }
        return max;
    }

    @Override
    public float min(float[] x, int at, int count, float[] lanes) {
        float min = Float.POSITIVE_INFINITY;
        int i = 0;
        if (count >= WIDTH) {
            FloatVector least = load(x, at);
            for (i = WIDTH; i <= count - WIDTH; i += WIDTH) {
                least = least.min(load(x, at + i));
            }
            least.intoArray(lanes, 0);
            for (int k = 0; k < WIDTH; k++) {
                min = Math.min(min, lanes[k]);
            }
        }
        for (; i < count; i++) {
            min = Math.min(min, x[at + i]);
        }
        return min;
    }
}
