package org.bitgrid.testing;

import java.util.Arrays;
import org.bitgrid.tensor.Shape;
import org.bitgrid.tensor.Tensor;

/**
 * Asserts that a float32 result is as near to the double-precision one as its arithmetic allows:
 * |y - reference| &lt;= (K + c) · 2^-24 · M, with K the number of terms that are added into one element, c the roundings
 * beside those of the sum, and M the size of what was added (see {@link Magnitude}). 2^-24 is the relative error of one
 * rounding to float32.
 */
public final class Near {
    /** Relative error of one rounding to float32. */
    public static final double ROUNDING = 0x1p-24;

    private Near() {
    }

    /**
     * Checks one output. Integers and booleans must be equal, infinite and NaN elements the same.
     *
     * @param actual     result in float32
     * @param expected   the same in double precision
     * @param magnitudes M for each element, row-major
     * @param roundings  K + c
     */
    public static void check(String what, Tensor actual, Tensor expected, double[] magnitudes, double roundings) {
        Shape shape = expected.shape();
        if (!actual.shape().equals(shape)) {
            throw new AssertionError(what + ": shape differs; got " + actual.shape() + "; expected " + shape);
        }
        boolean floating = expected.dtype().isFloating();
        if (floating != actual.dtype().isFloating() || !floating && actual.dtype() != expected.dtype()) {
            throw new AssertionError(what + ": type differs; got " + actual.dtype() + "; expected "
                    + expected.dtype());
        }
        double[] got = actual.detach().toDoubleArray();
        double[] want = expected.detach().toDoubleArray();
        int worst = -1;
        double worstExcess = 1;
        for (int i = 0; i < got.length; i++) {
            double excess = floating ? excess(got[i], want[i], roundings * ROUNDING * magnitudes[i])
                    : got[i] == want[i] ? 0 : Double.POSITIVE_INFINITY;
            if (excess > worstExcess) {
                worstExcess = excess;
                worst = i;
            }
        }
        if (worst >= 0) {
            throw new AssertionError(what + ": wrong, most of all at " + place(shape, worst) + " of " + shape + "; got "
                    + got[worst] + "; expected " + want[worst] + (floating ? " within " + roundings
                    + " roundings of numbers of size " + magnitudes[worst] + "; off by " + worstExcess + " times that"
                    : ""));
        }
    }

    /** How many times the bound the difference is. What float32 cannot hold may be rounded to 0 or to infinity. */
    private static double excess(double got, double want, double bound) {
        if (Double.isNaN(want) || Double.isNaN(got)) {
            return Double.isNaN(want) && Double.isNaN(got) ? 0 : Double.POSITIVE_INFINITY;
        }
        if (Double.isInfinite(got) || Double.isInfinite(want)) {
            boolean same = got == want || got == (float) want;
            return same ? 0 : Double.POSITIVE_INFINITY;
        }
        double difference = Math.abs(got - want);
        return difference <= Float.MIN_NORMAL ? 0 : difference / bound;
    }

    /** Checks that two results have the same bits. */
    public static void same(String what, Tensor actual, Tensor expected) {
        if (!actual.spec().equals(expected.spec())) {
            throw new AssertionError(what + ": shape or type differs; got " + actual.spec() + "; expected "
                    + expected.spec());
        }
        double[] got = actual.detach().toDoubleArray();
        double[] want = expected.detach().toDoubleArray();
        for (int i = 0; i < got.length; i++) {
            if (Double.doubleToLongBits(got[i]) != Double.doubleToLongBits(want[i])) {
                throw new AssertionError(what + ": bits differ at " + place(expected.shape(), i) + " of "
                        + expected.shape() + "; got " + got[i] + "; expected " + want[i]);
            }
        }
    }

    private static String place(Shape shape, int position) {
        int[] index = new int[shape.rank()];
        int rest = position;
        for (int i = index.length - 1; i >= 0; i--) {
            index[i] = rest % shape.dim(i);
            rest /= shape.dim(i);
        }
        return Arrays.toString(index);
    }
}
