package org.bitgrid.nn;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** Values as Python prints them, for the printed forms of modules and graphs. */
public final class PythonText {
    private PythonText() {
    }

    /** The shortest decimal number that reads back as this one: {@code 0.1}, {@code 1e-05}, {@code 2.0}, {@code inf}. */
    public static String number(double value) {
        if (Double.isNaN(value)) {
            return "nan";
        }
        if (Double.isInfinite(value)) {
            return value > 0 ? "inf" : "-inf";
        }
        if (value == 0) {
            return 1 / value < 0 ? "-0.0" : "0.0";
        }
        // Double.toString is not the shortest on every JDK, so the digits are counted out here.
        BigDecimal exact = new BigDecimal(value);
        BigDecimal shortest = exact;
        for (int digits = 1; digits <= 17; digits++) {
            shortest = exact.round(new MathContext(digits, RoundingMode.HALF_EVEN));
            if (shortest.doubleValue() == value) {
                break;
            }
        }
        String digits = shortest.unscaledValue().abs().toString().replaceAll("0+$", "");
        int exponent = shortest.precision() - shortest.scale() - 1;
        return (value < 0 ? "-" : "") + layout(digits, exponent);
    }

    /** Python changes to powers of ten below 1e-4 and from 1e16 on. */
    private static String layout(String digits, int exponent) {
        if (exponent < -4 || exponent >= 16) {
            String fraction = digits.length() == 1 ? "" : "." + digits.substring(1);
            String power = Math.abs(exponent) < 10 ? "0" + Math.abs(exponent) : Integer.toString(Math.abs(exponent));
            return digits.charAt(0) + fraction + "e" + (exponent < 0 ? "-" : "+") + power;
        }
        if (exponent < 0) {
            return "0." + "0".repeat(-exponent - 1) + digits;
        }
        if (digits.length() <= exponent + 1) {
            return digits + "0".repeat(exponent + 1 - digits.length()) + ".0";
        }
        return digits.substring(0, exponent + 1) + "." + digits.substring(exponent + 1);
    }

    /** {@code True} or {@code False}. */
    public static String bool(boolean value) {
        return value ? "True" : "False";
    }

    /** {@code (3, 3)}, {@code (16,)}. */
    public static String tuple(int... values) {
        String inner = Arrays.stream(values).mapToObj(Integer::toString).collect(Collectors.joining(", "));
        return "(" + inner + (values.length == 1 ? ",)" : ")");
    }

    /** One number where all are to be the same and the user gave one, else a tuple. */
    static String sizes(List<Integer> given) {
        return given.size() == 1 ? given.get(0).toString()
                : tuple(given.stream().mapToInt(Integer::intValue).toArray());
    }
}
