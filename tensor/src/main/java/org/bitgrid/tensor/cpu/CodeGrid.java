package org.bitgrid.tensor.cpu;

/**
 * The numbers that a loop over elements of one scale needs. {@code fast} when all of them are whole and small, so that
 * rounding can be an addition and a subtraction, and clamping can come before it.
 *
 * @param low   qmin + offset: the lowest number of steps
 * @param high  qmax + offset
 * @param shift zero point shift
 */
record CodeGrid(float scale, float offset, float low, float high, float shift, boolean reciprocal, boolean fast,
                long qmin, long qmax) {
    /** Adding and subtracting 1.5 · 2^23 rounds floats up to 2^22 to whole numbers, halves to even. */
    static final float ROUNDER = 12582912f;
    private static final float MOST_ROUNDED = (1 << 22) - 2;

    static CodeGrid of(float scale, float offset, long qmin, long qmax, double shift, boolean reciprocal) {
        float low = qmin + offset;
        float high = qmax + offset;
        boolean fast = offset == Math.rint(offset) && Math.abs(low) < MOST_ROUNDED && Math.abs(high) < MOST_ROUNDED;
        return new CodeGrid(scale, offset, low, high, (float) shift, reciprocal, fast, qmin, qmax);
    }

    /** 1 / scale, which elements are multiplied by in the reciprocal form. */
    float factor() {
        return 1 / scale;
    }

    /** x / scale - shift, as the form has it. */
    float steps(float x) {
        return (reciprocal ? x * factor() : x / scale) - shift;
    }

    /** The code before it is clamped, without any shortcut. */
    float unclamped(float x) {
        return (float) Math.rint(steps(x)) - offset;
    }
}
