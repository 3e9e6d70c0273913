package org.bitgrid.tensor.cpu.simd;

/** Plain Java. */
final class ScalarVectorMath implements VectorMath {
    @Override
    public int lanes() {
        return 1;
    }

    @Override
    public float dot(float[] x, int xAt, float[] y, int yAt, int count) {
        float sum0 = 0;
        float sum1 = 0;
        float sum2 = 0;
        float sum3 = 0;
        int i = 0;
        for (; i < count - 3; i += 4) {
            sum0 += x[xAt + i] * y[yAt + i];
            sum1 += x[xAt + i + 1] * y[yAt + i + 1];
            sum2 += x[xAt + i + 2] * y[yAt + i + 2];
            sum3 += x[xAt + i + 3] * y[yAt + i + 3];
        }
        for (; i < count; i++) {
            sum0 += x[xAt + i] * y[yAt + i];
        }
        return (sum0 + sum1) + (sum2 + sum3);
    }
}
