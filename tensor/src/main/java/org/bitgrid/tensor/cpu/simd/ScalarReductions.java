package org.bitgrid.tensor.cpu.simd;

/** Plain Java: four sums in double side by side, so that additions need not wait for each other. */
final class ScalarReductions implements VectorReductions {
    @Override
    public double sum(float[] x, int at, int count, float[] lanes) {
        double sum0 = 0;
        double sum1 = 0;
        double sum2 = 0;
        double sum3 = 0;
        int i = 0;
        for (; i < count - 3; i += 4) {
            sum0 += x[at + i];
            sum1 += x[at + i + 1];
            sum2 += x[at + i + 2];
            sum3 += x[at + i + 3];
        }
        for (; i < count; i++) {
            sum0 += x[at + i];
        }
        return (sum0 + sum1) + (sum2 + sum3);
    }

    @Override
    public double sumOfSquares(float[] x, int at, int count, float mean, float[] lanes) {
        double sum0 = 0;
        double sum1 = 0;
        double sum2 = 0;
        double sum3 = 0;
        int i = 0;
        for (; i < count - 3; i += 4) {
            double d0 = x[at + i] - mean;
            double d1 = x[at + i + 1] - mean;
            double d2 = x[at + i + 2] - mean;
            double d3 = x[at + i + 3] - mean;
            sum0 += d0 * d0;
            sum1 += d1 * d1;
            sum2 += d2 * d2;
            sum3 += d3 * d3;
        }
        for (; i < count; i++) {
            double d = x[at + i] - mean;
            sum0 += d * d;
        }
        return (sum0 + sum1) + (sum2 + sum3);
    }

    @Override
    public double dot(float[] x, int xAt, float[] y, int yAt, int count, float[] lanes) {
        double sum0 = 0;
        double sum1 = 0;
        double sum2 = 0;
        double sum3 = 0;
        int i = 0;
        for (; i < count - 3; i += 4) {
            sum0 += (double) x[xAt + i] * y[yAt + i];
            sum1 += (double) x[xAt + i + 1] * y[yAt + i + 1];
            sum2 += (double) x[xAt + i + 2] * y[yAt + i + 2];
            sum3 += (double) x[xAt + i + 3] * y[yAt + i + 3];
        }
        for (; i < count; i++) {
            sum0 += (double) x[xAt + i] * y[yAt + i];
        }
        return (sum0 + sum1) + (sum2 + sum3);
    }

    @Override
    public void gradientSums(float[] grad, int gradAt, float[] x, int xAt, int count, float mean, double[] sums,
                             float[] lanes) {
        double sum0 = 0;
        double sum1 = 0;
        double product0 = 0;
        double product1 = 0;
        int i = 0;
        for (; i < count - 1; i += 2) {
            float g0 = grad[gradAt + i];
            float g1 = grad[gradAt + i + 1];
            sum0 += g0;
            sum1 += g1;
            product0 += g0 * (x[xAt + i] - mean);
            product1 += g1 * (x[xAt + i + 1] - mean);
        }
        if (i < count) {
            sum0 += grad[gradAt + i];
            product0 += grad[gradAt + i] * (x[xAt + i] - mean);
        }
        sums[0] += sum0 + sum1;
        sums[1] += product0 + product1;
    }

    @Override
    public float max(float[] x, int at, int count, float[] lanes) {
        float max = Float.NEGATIVE_INFINITY;
        for (int i = 0; i < count; i++) {
            max = Math.max(max, x[at + i]);
        }
        return max;
    }

    @Override
    public float min(float[] x, int at, int count, float[] lanes) {
        float min = Float.POSITIVE_INFINITY;
        for (int i = 0; i < count; i++) {
            min = Math.min(min, x[at + i]);
        }
        return min;
    }
}
