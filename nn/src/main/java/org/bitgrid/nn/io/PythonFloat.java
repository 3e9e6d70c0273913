package org.bitgrid.nn.io;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;

/**
 * Doubles as Python's {@code repr} writes them: the shortest digits that read back as the same double, nearest first;
 * with an exponent below 1e-4 and from 1e16. Not {@link Double#toString}, whose digits differ between JDK 17 and 19.
 */
public final class PythonFloat {
    private static final int MOST_DIGITS = 17;
    private static final int MOST_FLOAT_DIGITS = 9;
    private static final int FIRST_POSITIVE_EXPONENT = 16;
    private static final int LAST_NEGATIVE_EXPONENT = -5;

    private PythonFloat() {
    }

    /** {@code 0.1}, {@code 1.0}, {@code 1e-05}, {@code 1.5e+16}, {@code nan}, {@code -inf}. */
    public static String repr(double value) {
        if (Double.isNaN(value)) {
            return "nan";
        }
        String sign = Double.doubleToRawLongBits(value) < 0 ? "-" : "";
        double magnitude = Math.abs(value);
        if (Double.isInfinite(magnitude)) {
            return sign + "inf";
        }
        if (magnitude == 0) {
            return sign + "0.0";
        }
        return sign + text(shortest(magnitude).stripTrailingZeros());
    }

    /** The shortest digits that read back as the same float, laid out as {@link #repr(double)} does. */
    public static String repr(float value) {
        if (Float.isNaN(value) || Float.isInfinite(value) || value == 0) {
            return repr((double) value);
        }
        return (value < 0 ? "-" : "") + text(shortest(Math.abs(value)).stripTrailingZeros());
    }

    private static String text(BigDecimal shortest) {
        String digits = shortest.unscaledValue().toString();
        int exponent = digits.length() - shortest.scale() - 1;
        if (exponent >= FIRST_POSITIVE_EXPONENT || exponent <= LAST_NEGATIVE_EXPONENT) {
            String fraction = digits.length() == 1 ? "" : "." + digits.substring(1);
            int size = Math.abs(exponent);
            return digits.charAt(0) + fraction + "e" + (exponent < 0 ? "-" : "+") + (size < 10 ? "0" : "")
                    + size;
        }
        if (exponent < 0) {
            return "0." + "0".repeat(-exponent - 1) + digits;
        }
        if (digits.length() <= exponent + 1) {
            return digits + "0".repeat(exponent + 1 - digits.length()) + ".0";
        }
        return digits.substring(0, exponent + 1) + "." + digits.substring(exponent + 1);
    }

    private static BigDecimal shortest(float value) {
        BigDecimal exact = new BigDecimal(value);
        for (int digits = 1; digits < MOST_FLOAT_DIGITS; digits++) {
            for (RoundingMode mode : new RoundingMode[] {RoundingMode.HALF_EVEN, RoundingMode.CEILING}) {
                BigDecimal candidate = exact.round(new MathContext(digits, mode));
                // Readers round once, to float, or twice, to double and then to float.
                if (candidate.floatValue() == value && (float) candidate.doubleValue() == value) {
                    return candidate;
                }
            }
        }
        return exact.round(new MathContext(MOST_FLOAT_DIGITS, RoundingMode.HALF_EVEN));
    }

    private static BigDecimal shortest(double value) {
        BigDecimal exact = new BigDecimal(value);
        for (int digits = 1; digits < MOST_DIGITS; digits++) {
            BigDecimal nearest = exact.round(new MathContext(digits, RoundingMode.HALF_EVEN));
            if (nearest.doubleValue() == value) {
                return nearest;
            }
            // Below a power of two doubles lie closer than above, so a decimal farther up may read back where the
            // nearest one does not.
            BigDecimal above = exact.round(new MathContext(digits, RoundingMode.CEILING));
            if (above.doubleValue() == value) {
                return above;
            }
        }
        return exact.round(new MathContext(MOST_DIGITS, RoundingMode.HALF_EVEN));
    }
}
