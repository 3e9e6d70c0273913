package org.bitgrid.quant.encoding;

import org.bitgrid.tensor.op.FakeQuantize;

/**
 * The arithmetic between ranges, scales and offsets; nowhere else is it written down. All of it in float, one rounding
 * for each step, in AIMET's order, so that encodings have the same bits.
 *
 * <p>With N = qmax - qmin and z the zero point shift:
 * <pre>
 * real   = (code + offset + z) · scale
 * scale  = max(|(max - min) / N|, minimumScale(N))
 * offset = clamp(round(min / scale) - qmin, -qmax, -qmin), or the centre of the grid when symmetric
 * </pre>
 */
public final class EncodingMath {
    /** Distance from 1 to the next float. */
    private static final float FLOAT_EPSILON = 0x1.0p-23f;

    private EncodingMath() {
    }

    /** The smallest scale for a grid of this many steps: what a range without width gets. */
    public static float minimumScale(long steps) {
        return (float) Math.min(FLOAT_EPSILON, 0.01 / steps);
    }

    /** (max - min) / N before anything is done to it; its sign tells an inverted range. */
    public static float signedScale(float min, float max, long steps) {
        return (max - min) / steps;
    }

    /** The scale of a range: positive, whatever the range. */
    public static float scale(float min, float max, long steps) {
        return Math.max(Math.abs(signedScale(min, max, steps)), minimumScale(steps));
    }

    /** The offset of a range that need not be symmetric, before it is clamped to the grid. */
    public static float unclampedOffset(float min, float scale, Grid grid) {
        return roundHalfEven(min / scale) - grid.qmin();
    }

    /** The offset of a range that need not be symmetric: zero lies on the grid. */
    public static float offset(float min, float scale, Grid grid) {
        float offset = unclampedOffset(min, scale, grid);
        return Math.min(Math.max(offset, -grid.qmax()), -grid.qmin()) + 0f;
    }

    /** The offset of every symmetric range: minus the centre of the grid, halves to even; 0 when it is signed. */
    public static float symmetricOffset(Grid grid) {
        return (float) (0 - Math.rint((grid.qmin() + grid.qmax()) / 2.0)) + 0f;
    }

    /**
     * Lower and upper end of a range from which {@link #scale} and {@link #offset} give these numbers back, bit for bit
     * where any range does: a width that gives the scale, and a lower end on a grid that the width lies on too, so that
     * the difference of the ends is exact.
     */
    public static float[] range(float scale, float offset, Grid grid, boolean symmetric) {
        float nearest = scale * grid.steps();
        double lowest = (double) scale * ((double) offset + grid.qmin());
        float[] found = null;
        for (float width : new float[] {nearest, Math.nextUp(nearest), Math.nextDown(nearest)}) {
            double ulp = Math.ulp(width);
            for (float min : new float[] {(float) (Math.rint(lowest / ulp) * ulp), (float) lowest}) {
                float max = (float) ((double) min + width);
                boolean exact = scale(min, max, grid.steps()) == scale
                        && (symmetric || offset(min, scale, grid) == offset);
                if (exact) {
                    return new float[] {min, max};
                }
                found = found == null ? new float[] {min, max} : found;
            }
        }
        return found;
    }

    /** The real number of the lowest code. */
    public static float min(float scale, float offset, Grid grid, double zeroPointShift) {
        return scale * (offset + grid.qmin() + (float) zeroPointShift);
    }

    /** The real number of the highest code. */
    public static float max(float scale, float offset, Grid grid, double zeroPointShift) {
        return scale * (offset + grid.qmax() + (float) zeroPointShift);
    }

    /**
     * Gradients of min and max, given those of scale and offset. The scale passes its own with the sign of max - min,
     * and nothing when it was raised to the minimum; the offset nothing unless it lies strictly between -qmax and
     * -qmin.
     */
    public static double[] rangeGradient(float min, float max, double scaleGradient, double offsetGradient, Grid grid,
                                         boolean symmetric) {
        float signed = signedScale(min, max, grid.steps());
        float scale = scale(min, max, grid.steps());
        boolean learns = Math.abs(signed) > minimumScale(grid.steps());
        double slope = learns ? Math.signum(signed) / grid.steps() : 0; // of scale with respect to max
        double ofMin = -slope * scaleGradient;
        double ofMax = slope * scaleGradient;
        if (!symmetric) {
            float offset = unclampedOffset(min, scale, grid);
            if (offset > -grid.qmax() && offset < -grid.qmin()) {
                double perScale = -(double) min / ((double) scale * scale);
                ofMin += offsetGradient * (1.0 / scale - perScale * slope);
                ofMax += offsetGradient * perScale * slope;
            }
        }
        return new double[] {ofMin, ofMax};
    }

    /**
     * Whether AIMET multiplies by 1 / scale with this encoding where its range gets no gradient: with one scale, or
     * with scales along one dimension whose zero points all lie on the grid; never with blocks or a shifted grid. Grids too
     * wide for float divide too, since 1 / scale has too few bits for them.
     */
    public static boolean multipliesByReciprocal(AffineEncoding encoding) {
        Grid grid = encoding.grid();
        if (!encoding.blockSize().isEmpty() || encoding.zeroPointShift() != 0
                || FakeQuantize.needsDouble(grid.qmin(), grid.qmax())) {
            return false;
        }
        if (encoding.shape().numel() == 1) {
            return true;
        }
        if (encoding.granularity() != Granularity.PER_CHANNEL) {
            return false;
        }
        for (float offset : encoding.offset()) {
            if (-offset < grid.qmin() || -offset > grid.qmax()) {
                return false;
            }
        }
        return true;
    }

    /**
     * What values are divided by so that {@code largest} becomes the largest number of a format:
     * 2^(log2 |largest| - log2 max), each logarithm rounded to float; exactly 1 where they are equal.
     */
    public static float floatScale(float largest, FloatFormat format) {
        float exponent = log2(Math.abs(largest)) - log2((float) format.max());
        return (float) StrictMath.pow(2, exponent);
    }

    private static float log2(float value) {
        return (float) (StrictMath.log(value) / StrictMath.log(2));
    }

    /** To the nearest whole number, halves to the even one. */
    public static float roundHalfEven(float value) {
        return (float) Math.rint(value);
    }
}
