package org.bitgrid.tensor.cpu.simd;

/**
 * Coefficients of the polynomials behind {@link VectorFunctions}, lowest power first: minimax fits by reweighted least
 * squares whose coefficients were rounded to float one after the other, each time fitting the rest anew. What an
 * approximation loses stands beside it, in units of 2^-24 of the result.
 */
final class Polynomials {
    /** Adding 1.5 · 2^23 rounds a float to a whole number, half to even, in its lowest bits. */
    static final float ROUNDER = 12582912f;
    static final int ROUNDER_BITS = 0x4B400000;

    static final float LOG2_E = 0x1.715476p0f;
    /** ln 2 in two parts, the first with so few bits that its multiples by exponents are exact. */
    static final float LN2_HIGH = 0x1.62e4p-1f;
    static final float LN2_LOW = 0x1.7f7d1cp-20f;

    /** Below this exp is 0, beyond the other infinite. */
    static final float EXP_LEAST = -104f;
    static final float EXP_MOST = 89f;

    /** exp(r) = 1 + r + r² · q(r) for |r| up to ln(2) / 2; 0.06. */
    static final float EXP_0 = 0x1.fffffcp-2f;
    static final float EXP_1 = 0x1.55548ep-3f;
    static final float EXP_2 = 0x1.5558aap-5f;
    static final float EXP_3 = 0x1.123beep-7f;
    static final float EXP_4 = 0x1.6a54f8p-10f;

    /** Bits of the root of 1/2, where the mantissa's range [sqrt(1/2), sqrt(2)) begins. */
    static final int LOG_SPLIT_BITS = 0x3F3504F3;
    static final float LEAST_NORMAL = 0x1p-126f;
    static final float SUBNORMAL_SCALE = 0x1p23f;

    /** log(1 + f) = f - f²/2 + f³ · p(f) for 1 + f from sqrt(1/2) to sqrt(2); 0.11. */
    static final float LOG_0 = 0x1.555554p-2f;
    static final float LOG_1 = -0x1.000236p-2f;
    static final float LOG_2 = 0x1.999f06p-3f;
    static final float LOG_3 = -0x1.546d98p-3f;
    static final float LOG_4 = 0x1.22f6dcp-3f;
    static final float LOG_5 = -0x1.0dd202p-3f;
    static final float LOG_6 = 0x1.04988ep-3f;
    static final float LOG_7 = -0x1.3518bep-4f;

    /** Up to here tanh is a polynomial, from here on 1 - 2 / (exp(2x) + 1); at the other end it is 1. */
    static final float TANH_SPLIT = 0.625f;
    static final float TANH_ONE = 10f;

    /** tanh(x) = x + x³ · p(x²) for |x| up to the split; 0.01. */
    static final float TANH_0 = -0x1.555554p-2f;
    static final float TANH_1 = 0x1.111074p-3f;
    static final float TANH_2 = -0x1.b9efa8p-5f;
    static final float TANH_3 = 0x1.638bbap-6f;
    static final float TANH_4 = -0x1.0bce3cp-7f;
    static final float TANH_5 = 0x1.17e430p-9f;

    /** From here on erf is 1. */
    static final float ERF_ONE = 4f;

    /** erf(x) = x + x · p(x²) for |x| up to 1; 0.03. */
    static final float ERF_0 = 0x1.06eba8p-3f;
    static final float ERF_1 = -0x1.81273ep-2f;
    static final float ERF_2 = 0x1.ce2cf0p-4f;
    static final float ERF_3 = -0x1.b7f858p-6f;
    static final float ERF_4 = 0x1.53ff92p-8f;
    static final float ERF_5 = -0x1.a3c95cp-11f;
    static final float ERF_6 = 0x1.48edeep-14f;

    /** erf(x) = 1 - exp(p(x)) for x from 1 to 4; 0.01. */
    static final float ERFC_0 = 0x1.8b42d4p-13f;
    static final float ERFC_1 = -0x1.212c26p0f;
    static final float ERFC_2 = -0x1.443528p-1f;
    static final float ERFC_3 = -0x1.bc1608p-4f;
    static final float ERFC_4 = 0x1.9d0290p-6f;
    static final float ERFC_5 = -0x1.1387fap-8f;
    static final float ERFC_6 = 0x1.cea9c4p-12f;
    static final float ERFC_7 = -0x1.6ba080p-16f;

    /** Beyond it the tail of the normal distribution is 0. */
    static final float NORMAL_MOST = 15f;
    static final float NORMAL_MIDDLE = 4f;

    /**
     * Tail of the normal distribution: Φ(-a) = exp(-a²/2) · q((a - 4) / (a + 4)) for a from 0 to 15; 0.42.
     */
    static final float NORMAL_0 = 0x1.82b4bcp-4f;
    static final float NORMAL_1 = -0x1.5cf97ep-3f;
    static final float NORMAL_2 = 0x1.fd7506p-4f;
    static final float NORMAL_3 = -0x1.25b5e8p-4f;
    static final float NORMAL_4 = 0x1.f9b3fep-6f;
    static final float NORMAL_5 = -0x1.167862p-7f;
    static final float NORMAL_6 = 0x1.072402p-11f;
    static final float NORMAL_7 = 0x1.590c88p-11f;
    static final float NORMAL_8 = -0x1.5ddb3ap-13f;
    static final float NORMAL_9 = -0x1.102c00p-14f;

    private Polynomials() {
    }
}
