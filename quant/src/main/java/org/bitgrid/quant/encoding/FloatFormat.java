package org.bitgrid.quant.encoding;

import java.util.List;
import org.bitgrid.nn.PythonText;
import org.bitgrid.tensor.BitgridException;
import org.bitgrid.tensor.ShapeException;

/**
 * A floating-point format of a sign, exponent bits and mantissa bits.
 *
 * @param exponentBits E, at least 1
 * @param mantissaBits M, at least 1
 * @param finite       whether the codes of the highest exponent are numbers: no infinities
 * @param unsignedZero whether there is one zero only, its negative twin being NaN, and the bias is one higher
 */
public record FloatFormat(int exponentBits, int mantissaBits, boolean finite, boolean unsignedZero) {
    public static final FloatFormat FLOAT16 = new FloatFormat(5, 10, false, false);
    public static final FloatFormat BFLOAT16 = new FloatFormat(8, 7, false, false);
    public static final FloatFormat FLOAT8_E4M3FN = new FloatFormat(4, 3, true, false);
    public static final FloatFormat FLOAT8_E4M3FNUZ = new FloatFormat(4, 3, true, true);
    public static final FloatFormat FLOAT8_E5M2 = new FloatFormat(5, 2, false, false);
    public static final FloatFormat FLOAT8_E5M2FNUZ = new FloatFormat(5, 2, true, true);
    public static final FloatFormat FLOAT4_E2M1FN = new FloatFormat(2, 1, true, false);

    private static final List<FloatFormat> FINITE = List.of(FLOAT8_E4M3FN, FLOAT8_E4M3FNUZ, FLOAT8_E5M2FNUZ,
            FLOAT4_E2M1FN);

    public FloatFormat {
        if (exponentBits < 1 || exponentBits > 8 || mantissaBits < 1 || mantissaBits > 23) {
            throw new ShapeException("float format", "exponent bits must lie between 1 and 8 and mantissa bits between "
                    + "1 and 23; got " + exponentBits + " and " + mantissaBits);
        }
        if ((finite || unsignedZero) && !isKnownFinite(exponentBits, mantissaBits, finite, unsignedZero)) {
            throw new ShapeException("float format", "finite and unsigned_zero are defined for e4m3fn, e4m3fnuz, "
                    + "e5m2fnuz and e2m1fn only; got exponent bits " + exponentBits + ", mantissa bits " + mantissaBits
                    + ", finite " + finite + ", unsigned zero " + unsignedZero);
        }
    }

    private static boolean isKnownFinite(int exponentBits, int mantissaBits, boolean finite, boolean unsignedZero) {
        int bits = exponentBits * 10 + mantissaBits;
        return finite && (bits == 43 || bits == 52 && unsignedZero || bits == 21 && !unsignedZero);
    }

    /** An IEEE-like format, with infinities and NaN at the highest exponent. */
    public static FloatFormat of(int exponentBits, int mantissaBits) {
        return new FloatFormat(exponentBits, mantissaBits, false, false);
    }

    /** The format of PyTorch's name, such as {@code float16} or {@code float8_e4m3fn}. */
    public static FloatFormat of(String dtype) {
        return switch (dtype.startsWith("torch.") ? dtype.substring(6) : dtype) {
            case "float16", "half" -> FLOAT16;
            case "bfloat16" -> BFLOAT16;
            case "float8_e4m3fn" -> FLOAT8_E4M3FN;
            case "float8_e4m3fnuz" -> FLOAT8_E4M3FNUZ;
            case "float8_e5m2" -> FLOAT8_E5M2;
            case "float8_e5m2fnuz" -> FLOAT8_E5M2FNUZ;
            case "float4_e2m1fn" -> FLOAT4_E2M1FN;
            default -> throw new BitgridException("FloatFormat.of: no such type; got \"" + dtype
                    + "\"; expected float16,"
                    + " bfloat16, float8_e4m3fn, float8_e4m3fnuz, float8_e5m2, float8_e5m2fnuz or float4_e2m1fn");
        };
    }

    /** PyTorch's name of the format, or null when it has none. */
    public String dtypeName() {
        if (equals(FLOAT16)) {
            return "float16";
        }
        if (equals(BFLOAT16)) {
            return "bfloat16";
        }
        if (equals(FLOAT8_E5M2)) {
            return "float8_e5m2";
        }
        return FINITE.contains(this) && !equals(FLOAT4_E2M1FN)
                ? "float8_e" + exponentBits + "m" + mantissaBits + (unsignedZero ? "fnuz" : "fn") : null;
    }

    /** Sign, exponent and mantissa together. */
    public int bitwidth() {
        return 1 + exponentBits + mantissaBits;
    }

    /** The largest finite number. */
    public double max() {
        if (equals(FLOAT4_E2M1FN)) {
            return 6;
        }
        if (equals(FLOAT8_E4M3FN)) {
            return 448; // the highest code of the highest exponent is NaN
        }
        int highest = (1 << exponentBits) - 1;
        return (2 - Math.scalb(1.0, -mantissaBits)) * Math.scalb(1.0, highest - highest / 2 - 1);
    }

    /** Whether numbers are rounded as the format itself does it, rather than by AIMET's formula for any E and M. */
    public boolean isNative() {
        return dtypeName() != null;
    }

    /**
     * Exponent of the smallest normal number; below it numbers are evenly spaced. AIMET's formula for any E and M goes
     * one lower than IEEE.
     */
    public int minExponent() {
        int ieee = 2 - (1 << exponentBits - 1);
        return isNative() && !unsignedZero || equals(FLOAT4_E2M1FN) ? ieee : ieee - 1;
    }

    /** {@code dtype=torch.float16}, or {@code exponent_bits=4, mantissa_bits=3, finite=False, unsigned_zero=False}. */
    @Override
    public String toString() {
        String dtype = dtypeName();
        return dtype != null ? "dtype=torch." + dtype : "exponent_bits=" + exponentBits + ", mantissa_bits="
                + mantissaBits + ", finite=" + PythonText.bool(finite) + ", unsigned_zero="
                + PythonText.bool(unsignedZero);
    }
}
