package org.bitgrid.tensor.cpu.simd;

/** Plain Java. */
final class ScalarPlanes implements VectorPlanes {
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
