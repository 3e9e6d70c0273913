package org.bitgrid.tensor.cpu.simd;

/** Multiply-adds on an array that stays in the first cache, in a loop that the compiler vectorises. */
final class ScalarPeak implements PeakLoop {
    private static final int LENGTH = 512;

    @Override
    public long multiplyAddsPerRound(int chains) {
        return 8L * LENGTH;
    }

    @Override
    public float run(int chains, int rounds) {
        float[] x = new float[LENGTH];
        for (int round = 0; round < rounds; round++) {
            grow(x, 0.5f, 1f);
        }
        float sum = 0;
        for (float value : x) {
            sum += value;
        }
        return sum;
    }

    private static void grow(float[] x, float factor, float term) {
        for (int i = 0; i < x.length; i++) {
            float value = x[i];
            value = value * factor + term;
            value = value * factor + term;
            value = value * factor + term;
            value = value * factor + term;
            value = value * factor + term;
            value = value * factor + term;
            value = value * factor + term;
            value = value * factor + term;
            x[i] = value;
        }
    }
}
