package org.bitgrid.tensor.cpu.simd;

/** Plain Java. */
final class ScalarPlanes implements VectorPlanes {
    @Override
    public void addSums(float[] x, int at, int size, int channels, float[] sums) {
        for (int c = 0; c < channels; c++) {
            int plane = at + c * size;
            double sum0 = 0;
            double sum1 = 0;
            int i = 0;
            for (; i < size - 1; i += 2) {
                sum0 += x[plane + i];
                sum1 += x[plane + i + 1];
            }
            if (i < size) {
                sum0 += x[plane + i];
            }
            sums[c * LANES] += (float) (sum0 + sum1);
        }
    }

    @Override
    public void addSquares(float[] x, int at, int size, int channels, float[] means, float[] sums) {
        for (int c = 0; c < channels; c++) {
            int plane = at + c * size;
            double sum0 = 0;
            double sum1 = 0;
            int i = 0;
            for (; i < size - 1; i += 2) {
                double d0 = x[plane + i] - means[c];
                double d1 = x[plane + i + 1] - means[c];
                sum0 += d0 * d0;
                sum1 += d1 * d1;
            }
            if (i < size) {
                double d = x[plane + i] - means[c];
                sum0 += d * d;
            }
            sums[c * LANES] += (float) (sum0 + sum1);
        }
    }

    @Override
    public void addGradients(float[] grad, int gradAt, float[] x, int xAt, int size, int channels, float[] means,
                             int meansAt, float[] sums, float[] products) {
        for (int c = 0; c < channels; c++) {
            float mean = means[meansAt + c];
            double sum = 0;
            double product = 0;
            for (int i = c * size; i < (c + 1) * size; i++) {
                sum += grad[gradAt + i];
                product += (double) grad[gradAt + i] * (x[xAt + i] - mean);
            }
            sums[c * LANES] += (float) sum;
            products[c * LANES] += (float) product;
        }
    }

    @Override
    public void addGatedGradients(float[] grad, int gradAt, float[] y, int yAt, float[] x, int xAt, int size,
                                  int channels, float[] means, int meansAt, float[] sums, float[] products) {
        for (int c = 0; c < channels; c++) {
            float mean = means[meansAt + c];
            double sum = 0;
            double product = 0;
            for (int i = c * size; i < (c + 1) * size; i++) {
                float g = y[yAt + i] > 0 ? grad[gradAt + i] : 0;
                sum += g;
                product += (double) g * (x[xAt + i] - mean);
            }
            sums[c * LANES] += (float) sum;
            products[c * LANES] += (float) product;
        }
    }

    @Override
    public void affine(float[] x, int xAt, float[] y, int yAt, int count, float centre, float slope, float shift) {
        for (int i = 0; i < count; i++) {
            y[yAt + i] = Math.fma(x[xAt + i] - centre, slope, shift);
        }
    }

    @Override
    public void affineRelu(float[] x, int xAt, float[] y, int yAt, int count, float centre, float slope,
                           float shift) {
        for (int i = 0; i < count; i++) {
            y[yAt + i] = Math.max(Math.fma(x[xAt + i] - centre, slope, shift), 0f);
        }
    }

    @Override
    public void combine(float[] grad, int gradAt, float[] x, int xAt, float[] out, int outAt, int count,
                        float gradSlope, float centre, float xSlope, float shift) {
        for (int i = 0; i < count; i++) {
            out[outAt + i] = Math.fma(grad[gradAt + i], gradSlope, Math.fma(x[xAt + i] - centre, xSlope, shift));
        }
    }

    @Override
    public void gatedCombine(float[] grad, int gradAt, float[] y, int yAt, float[] x, int xAt, float[] out, int outAt,
                             int count, float gradSlope, float centre, float xSlope, float shift) {
        for (int i = 0; i < count; i++) {
            float g = y[yAt + i] > 0 ? grad[gradAt + i] : 0;
            out[outAt + i] = Math.fma(g, gradSlope, Math.fma(x[xAt + i] - centre, xSlope, shift));
        }
    }
}
