package org.bitgrid.nn.io;

/**
 * Conversion between float and narrower binary floating-point formats of up to 16 bits. Widening is exact; narrowing
 * rounds to nearest, ties to even.
 */
enum MiniFloat {
    /** IEEE 754 binary16. */
    FLOAT16(5, 10, true),
    /** The upper half of a float. */
    BFLOAT16(8, 7, true),
    /** Eight bits with infinities (Micikevicius and others, "FP8 formats for deep learning", 2022). */
    FLOAT8_E5M2(5, 2, true),
    /** Eight bits without infinities, largest number 448, one NaN for each sign (same source). */
    FLOAT8_E4M3(4, 3, false);

    private final int exponentBits;
    private final int mantissaBits;
    private final boolean hasInfinity;
    private final int bias;

    MiniFloat(int exponentBits, int mantissaBits, boolean hasInfinity) {
        this.exponentBits = exponentBits;
        this.mantissaBits = mantissaBits;
        this.hasInfinity = hasInfinity;
        this.bias = (1 << exponentBits - 1) - 1;
    }

    private int signBit() {
        return 1 << exponentBits + mantissaBits;
    }

    /** The code of infinity, or of NaN where there is no infinity. */
    private int firstSpecial() {
        int allExponentBits = (1 << exponentBits) - 1 << mantissaBits;
        return hasInfinity ? allExponentBits : allExponentBits | (1 << mantissaBits) - 1;
    }

    /** The number that the lowest bits of {@code code} stand for. */
    float decode(int code) {
        int magnitude = code & signBit() - 1;
        float value;
        if (magnitude >= firstSpecial()) {
            value = hasInfinity && magnitude == firstSpecial() ? Float.POSITIVE_INFINITY : Float.NaN;
        } else {
            int exponent = magnitude >> mantissaBits;
            int mantissa = magnitude & (1 << mantissaBits) - 1;
            int significand = exponent == 0 ? mantissa : mantissa | 1 << mantissaBits;
            value = (float) Math.scalb((double) significand, Math.max(exponent, 1) - bias - mantissaBits);
        }
        return (code & signBit()) != 0 ? -value : value;
    }

    /** The code of the nearest number; beyond the largest it is infinity, or NaN where there is none. */
    int encode(float value) {
        int sign = Float.floatToRawIntBits(value) < 0 ? signBit() : 0;
        if (Float.isNaN(value)) {
            return sign | (hasInfinity ? firstSpecial() | 1 << mantissaBits - 1 : firstSpecial());
        }
        double magnitude = Math.abs(value);
        if (Double.isInfinite(magnitude)) {
            return sign | firstSpecial();
        }
        int exponent = magnitude == 0 ? 1 - bias : Math.max(Math.getExponent(magnitude), 1 - bias);
        long steps = (long) Math.rint(Math.scalb(magnitude, mantissaBits - exponent));
        // A carry out of the mantissa moves on to the next exponent by itself; below the smallest normal number
        // steps has no leading one and the exponent field becomes zero.
        long code = ((long) (exponent + bias) << mantissaBits) + steps - (1L << mantissaBits);
        return sign | (int) Math.min(code, firstSpecial());
    }
}
