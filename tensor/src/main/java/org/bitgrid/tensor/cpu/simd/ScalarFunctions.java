package org.bitgrid.tensor.cpu.simd;

import static org.bitgrid.tensor.cpu.simd.Polynomials.*;

/** Plain Java; also what the Vector API leaves over at the end of a run. */
final class ScalarFunctions implements VectorFunctions {
    static float exp(float x) {
        float clamped = Math.min(Math.max(x, EXP_LEAST), EXP_MOST);
        return exp(clamped, 0);
    }

    /** exp(high + low), low being small beside high. */
    private static float exp(float high, float low) {
        float shifted = Math.fma(high, LOG2_E, ROUNDER);
        float whole = shifted - ROUNDER;
        float r = Math.fma(whole, -LN2_HIGH, high);
        r = Math.fma(whole, -LN2_LOW, r) + low;
        float q = Math.fma(EXP_4, r, EXP_3);
        q = Math.fma(q, r, EXP_2);
        q = Math.fma(q, r, EXP_1);
        q = Math.fma(q, r, EXP_0);
        float y = Math.fma(r * r, q, r) + 1;
        // The power of two in two steps: one alone may be no float while the result is.
        int power = Float.floatToRawIntBits(shifted) - ROUNDER_BITS;
        int half = power >> 1;
        return y * powerOfTwo(half) * powerOfTwo(power - half);
    }

    private static float powerOfTwo(int power) {
        return Float.intBitsToFloat((power + 127) << 23);
    }

    static float log(float x) {
        boolean subnormal = x < LEAST_NORMAL;
        float scaled = subnormal ? x * SUBNORMAL_SCALE : x;
        int bits = Float.floatToRawIntBits(scaled);
        int power = (bits - LOG_SPLIT_BITS) >> 23;
        float f = Float.intBitsToFloat(bits - (power << 23)) - 1;
        float e = power - (subnormal ? 23f : 0f);
        float p = Math.fma(LOG_7, f, LOG_6);
        p = Math.fma(p, f, LOG_5);
        p = Math.fma(p, f, LOG_4);
        p = Math.fma(p, f, LOG_3);
        p = Math.fma(p, f, LOG_2);
        p = Math.fma(p, f, LOG_1);
        p = Math.fma(p, f, LOG_0);
        float square = f * f;
        float rest = Math.fma(square, Math.fma(f, p, -0.5f), e * LN2_LOW);
        float y = Math.fma(e, LN2_HIGH, f + rest);
        if (!(x > 0)) {
            return x == 0 ? Float.NEGATIVE_INFINITY : Float.NaN;
        }
        return x == Float.POSITIVE_INFINITY ? x : y;
    }

    static float sigmoid(float x) {
        float e = exp(-Math.abs(x));
        return (x >= 0 ? 1 : e) / (1 + e);
    }

    static float silu(float x) {
        return x * sigmoid(x);
    }

    /** With e = exp(-|x|), tanh(log(1 + exp(x))) is a quotient of polynomials in e without any difference. */
    static float mish(float x) {
        float e = exp(-Math.abs(x));
        float small = Math.fma(e, e, 2 * e);
        float large = Math.fma(2, e, 1);
        float above = x >= 0 ? large : small;
        float below = x >= 0 ? Math.fma(2 * e, e, large) : small + 2;
        return x * (above / below);
    }

    static float tanh(float x) {
        float a = Math.min(Math.abs(x), TANH_ONE);
        if (a < TANH_SPLIT) {
            float s = x * x;
            float p = Math.fma(TANH_5, s, TANH_4);
            p = Math.fma(p, s, TANH_3);
            p = Math.fma(p, s, TANH_2);
            p = Math.fma(p, s, TANH_1);
            p = Math.fma(p, s, TANH_0);
            return Math.fma(x * s, p, x);
        }
        float y = 1 - 2 / (exp(2 * a) + 1);
        return x < 0 ? -y : y;
    }

    static float erf(float x) {
        float a = Math.min(Math.abs(x), ERF_ONE);
        if (a < 1) {
            float s = x * x;
            float p = Math.fma(ERF_6, s, ERF_5);
            p = Math.fma(p, s, ERF_4);
            p = Math.fma(p, s, ERF_3);
            p = Math.fma(p, s, ERF_2);
            p = Math.fma(p, s, ERF_1);
            p = Math.fma(p, s, ERF_0);
            return Math.fma(x, p, x);
        }
        float p = Math.fma(ERFC_7, a, ERFC_6);
        p = Math.fma(p, a, ERFC_5);
        p = Math.fma(p, a, ERFC_4);
        p = Math.fma(p, a, ERFC_3);
        p = Math.fma(p, a, ERFC_2);
        p = Math.fma(p, a, ERFC_1);
        p = Math.fma(p, a, ERFC_0);
        float y = 1 - exp(p);
        return x < 0 ? -y : y;
    }

    /** The tail's exponent is taken with twice the digits of a float: what it loses the exponential multiplies. */
    static float gelu(float x) {
        float a = Math.min(Math.abs(x), NORMAL_MOST);
        float u = (a - NORMAL_MIDDLE) / (a + NORMAL_MIDDLE);
        float q = Math.fma(NORMAL_9, u, NORMAL_8);
        q = Math.fma(q, u, NORMAL_7);
        q = Math.fma(q, u, NORMAL_6);
        q = Math.fma(q, u, NORMAL_5);
        q = Math.fma(q, u, NORMAL_4);
        q = Math.fma(q, u, NORMAL_3);
        q = Math.fma(q, u, NORMAL_2);
        q = Math.fma(q, u, NORMAL_1);
        q = Math.fma(q, u, NORMAL_0);
        float square = a * a;
        float low = Math.fma(a, a, -square);
        float tail = q * exp(square * -0.5f, low * -0.5f);
        return x * (x < 0 ? tail : 1 - tail);
    }

    /** 0.5 · (1 + tanh(u)) is 1 / (1 + exp(-2u)), which for u below 0 needs more digits than a float has. */
    static float geluTanh(float x) {
        double u = Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x);
        return (float) (x / (1 + StrictMath.exp(-2 * u)));
    }

    @Override
    public void exp(float[] x, int xAt, float[] y, int yAt, int count) {
        for (int i = 0; i < count; i++) {
            y[yAt + i] = exp(x[xAt + i]);
        }
    }

    @Override
    public void log(float[] x, int xAt, float[] y, int yAt, int count) {
        for (int i = 0; i < count; i++) {
            y[yAt + i] = log(x[xAt + i]);
        }
    }

    @Override
    public void sigmoid(float[] x, int xAt, float[] y, int yAt, int count) {
        for (int i = 0; i < count; i++) {
            y[yAt + i] = sigmoid(x[xAt + i]);
        }
    }

    @Override
    public void silu(float[] x, int xAt, float[] y, int yAt, int count) {
        for (int i = 0; i < count; i++) {
            y[yAt + i] = silu(x[xAt + i]);
        }
    }

    @Override
    public void mish(float[] x, int xAt, float[] y, int yAt, int count) {
        for (int i = 0; i < count; i++) {
            y[yAt + i] = mish(x[xAt + i]);
        }
    }

    @Override
    public void tanh(float[] x, int xAt, float[] y, int yAt, int count) {
        for (int i = 0; i < count; i++) {
            y[yAt + i] = tanh(x[xAt + i]);
        }
    }

    @Override
    public void erf(float[] x, int xAt, float[] y, int yAt, int count) {
        for (int i = 0; i < count; i++) {
            y[yAt + i] = erf(x[xAt + i]);
        }
    }

    @Override
    public void gelu(float[] x, int xAt, float[] y, int yAt, int count) {
        for (int i = 0; i < count; i++) {
            y[yAt + i] = gelu(x[xAt + i]);
        }
    }

    @Override
    public void geluTanh(float[] x, int xAt, float[] y, int yAt, int count) {
        for (int i = 0; i < count; i++) {
            y[yAt + i] = geluTanh(x[xAt + i]);
        }
    }

    @Override
    public void relu(float[] x, int xAt, float[] y, int yAt, int count) {
        for (int i = 0; i < count; i++) {
            y[yAt + i] = Math.max(x[xAt + i], 0f);
        }
    }

    @Override
    public void reluGrad(float[] grad, int gradAt, float[] y, int yAt, float[] out, int outAt, int count) {
        for (int i = 0; i < count; i++) {
            out[outAt + i] = y[yAt + i] > 0 ? grad[gradAt + i] : 0;
        }
    }

    @Override
    public void relu6Grad(float[] grad, int gradAt, float[] y, int yAt, float[] out, int outAt, int count) {
        for (int i = 0; i < count; i++) {
            out[outAt + i] = y[yAt + i] > 0 && y[yAt + i] < 6 ? grad[gradAt + i] : 0;
        }
    }
}
