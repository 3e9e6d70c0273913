package org.bitgrid.quant.encoding;

import org.bitgrid.tensor.ShapeException;

/**
 * The rules of AIMET's first version, for comparison with encodings that it and its C++ library made: offsets are codes
 * of the range's lower end on an unsigned grid, halves are rounded away from zero, ranges are in double. Bitgrid's own
 * quantizers do not use them; see {@link EncodingMath}.
 */
public final class LegacyEncodingMath {
    private static final double LEAST_WIDTH = 1e-5;

    private LegacyEncodingMath() {
    }

    /**
     * A range on its grid.
     *
     * @param min    delta · offset
     * @param max    delta · (offset + number of steps)
     * @param delta  distance between neighbours
     * @param offset code of min, never positive
     */
    public record LegacyEncoding(double min, double max, double delta, double offset, int bitwidth) {
        /** The code of a number, from 0: clamped first, then rounded in float, halves away from zero. */
        public long code(float value) {
            float clamped = Math.min(Math.max(value, (float) min), (float) max);
            return roundHalfAway(clamped / (float) delta - (float) offset);
        }

        /** The number of a code. */
        public float value(long code) {
            return ((float) code + (float) offset) * (float) delta;
        }

        /** The nearest number on the grid. */
        public float quantizeDequantize(float value) {
            return value(code(value));
        }

        /** The straight-through gradient: that from above within the range, its ends included, else 0. */
        public float gradient(float value, float gradOut) {
            return value >= (float) min && value <= (float) max ? gradOut : 0;
        }
    }

    private static double steps(int bitwidth) {
        if (bitwidth < 1 || bitwidth > Grid.MOST_BITS) {
            throw new ShapeException("grid", "bitwidth must lie between 1 and " + Grid.MOST_BITS + "; got " + bitwidth);
        }
        return Math.scalb(1.0, bitwidth) - 1;
    }

    /** The range with 0 in it, and at least 1e-5 wide: lower and upper end. */
    public static double[] gateMinMax(double min, double max) {
        double low = Math.min(min, 0);
        return new double[] {low, Math.max(Math.max(max, 0), low + LEAST_WIDTH)};
    }

    /**
     * Distance between neighbours and offset of a range that is on its grid already: delta, offset.
     *
     * @param strict whether a symmetric grid has as many codes above zero as below
     */
    public static double[] deltaOffset(double min, double max, int bitwidth, boolean symmetric, boolean strict) {
        double steps = symmetric && strict ? steps(bitwidth) - 1 : steps(bitwidth);
        if (symmetric && min < 0) {
            double above = Math.floor(steps / 2);
            return new double[] {max / above, strict ? -above : -above - 1};
        }
        double delta = (max - min) / steps;
        return new double[] {delta, Math.rint(min / delta)};
    }

    /** The range moved onto its grid; a symmetric one that does not go below zero is taken as it is. */
    public static LegacyEncoding regrid(double min, double max, int bitwidth, boolean symmetric, boolean strict) {
        if (symmetric && min < 0) {
            double above = Math.scalb(1.0, bitwidth - 1) - 1;
            double delta = Math.max(Math.abs(max), Math.abs(min)) / above;
            double offset = strict ? -above : -above - 1;
            return new LegacyEncoding(delta * offset, delta * above, delta, offset, bitwidth);
        }
        double delta = (max - min) / steps(bitwidth);
        double offset = Math.rint(min / delta);
        double low = delta * offset;
        return new LegacyEncoding(low, low + delta * steps(bitwidth), delta, offset, bitwidth);
    }

    /** The encoding of a range as the C++ library fills it in: zero included, offset rounded away from zero. */
    public static LegacyEncoding ofRange(double min, double max, int bitwidth) {
        double[] gated = gateMinMax(min, max);
        double delta = (gated[1] - gated[0]) / steps(bitwidth);
        double offset = roundHalfAway(gated[0] / delta);
        double low = delta * offset;
        return new LegacyEncoding(low, low + delta * steps(bitwidth), delta, offset, bitwidth);
    }

    /**
     * The encoding that the C++ library's symmetric analyzers give: scale is the largest magnitude / (2^(bits - 1) -
     * 1).
     */
    public static LegacyEncoding ofMagnitude(double largest, int bitwidth) {
        return regrid(-Math.abs(largest), Math.abs(largest), bitwidth, true, false);
    }

    /** What the C++ library's noise-ratio analyzer starts from: a tensor of zeros counts as -1 to 1. */
    public static double[] tfEnhancedStart(double min, double max) {
        return min == 0 && max == 0 ? new double[] {-1, 1} : new double[] {min, max};
    }

    /** To the nearest whole number, halves away from zero. */
    public static long roundHalfAway(double value) {
        return (long) Math.copySign(Math.floor(Math.abs(value) + 0.5), value);
    }
}
