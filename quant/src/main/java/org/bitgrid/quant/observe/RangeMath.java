package org.bitgrid.quant.observe;

import org.bitgrid.quant.encoding.EncodingMath;

/** From observed ends to the ends of a grid, in float and in AIMET's order. */
final class RangeMath {
    private RangeMath() {
    }

    /** The range of the min-max analyzer: zero included, widened when it has no width, made symmetric, kept finite. */
    static float[] ofMinMax(float observedMin, float observedMax, long steps, boolean symmetric) {
        float[] ends = symmetric(withWidth(Math.min(observedMin, 0f), Math.max(observedMax, 0f), steps, symmetric),
                steps,
                symmetric, steps == 3);
        return finite(ends);
    }

    /** The range of the percentile analyzer: as {@link #ofMinMax}, but kept finite first. */
    static float[] ofPercentile(float low, float high, long steps, boolean symmetric) {
        float[] ends = finite(new float[] {Math.min(low, 0f), Math.max(high, 0f)});
        return symmetric(withWidth(ends[0], ends[1], steps, symmetric), steps, symmetric, false);
    }

    /** Widens a range whose scale would be below the minimum. */
    private static float[] withWidth(float min, float max, long steps, boolean symmetric) {
        float least = EncodingMath.minimumScale(steps);
        if (!((max - min) / steps < least)) {
            return new float[] {min, max};
        }
        if (symmetric) {
            return new float[] {min - up(steps) * least, max + down(steps) * least};
        }
        return new float[] {min, max + steps * least};
    }

    /** The smallest symmetric range that holds this one. */
    private static float[] symmetric(float[] ends, long steps, boolean symmetric, boolean twoBits) {
        if (!symmetric) {
            return ends;
        }
        // AIMET lets positive values clip at 2 bits, so that all four codes are used.
        long above = twoBits ? down(steps) + 1 : down(steps);
        float delta = Math.max(ends[1] / above, -ends[0] / up(steps));
        return new float[] {-up(steps) * delta, down(steps) * delta};
    }

    private static float[] finite(float[] ends) {
        return new float[] {Math.max(ends[0], -Float.MAX_VALUE), Math.min(ends[1], Float.MAX_VALUE)};
    }

    /** floor(steps / 2): how many codes lie above zero. */
    private static long down(long steps) {
        return steps / 2;
    }

    /** ceil(steps / 2): how many codes lie below zero. */
    private static long up(long steps) {
        return steps - steps / 2;
    }
}
