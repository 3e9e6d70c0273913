package org.bitgrid.quant.observe;

/**
 * The squared quantization error of a histogram, its values taken at the middle of their bins. Terms are float, one
 * rounding for each operation as AIMET has it; sums are double.
 */
final class SqnrCost {
    /** Adding and subtracting 1.5 · 2^23 rounds floats up to 2^22 to whole numbers, halves to even. */
    private static final float ROUNDER = 12582912f;
    private static final long MOST_ROUNDED = 1 << 21;

    private final float[] middles;
    private final float[] weights;
    private final float[] terms;
    private final float top;
    private final float gamma;
    private final boolean wide;

    SqnrCost(float[] edges, long[] counts, long steps, double gamma) {
        int filled = 0;
        for (long count : counts) {
            filled += count == 0 ? 0 : 1;
        }
        middles = new float[filled];
        weights = new float[filled];
        terms = new float[filled];
        top = steps;
        this.gamma = (float) gamma;
        wide = steps > MOST_ROUNDED;
        float width = edges[1] - edges[0];
        int at = 0;
        for (int i = 0; i < counts.length; i++) {
            if (counts[i] != 0) {
                middles[at] = edges[0] + width / 2 + width * i;
                weights[at++] = counts[i];
            }
        }
    }

    /** The first of the cheapest candidates. */
    int best(SqnrCandidates candidates) {
        int best = 0;
        double least = Double.POSITIVE_INFINITY;
        for (int i = 0; i < candidates.size(); i++) {
            double cost = cost(candidates.delta(i), candidates.offset(i));
            if (cost < least) {
                least = cost;
                best = i;
            }
        }
        return best;
    }

    /** Sum over bins of count · error², times gamma where the value is clipped. */
    double cost(float delta, float offset) {
        if (wide) {
            wideTerms(delta, offset);
        } else {
            terms(middles, weights, terms, delta, offset, top, gamma);
        }
        return sum(terms);
    }

    // Free of branches, so that the compiler vectorises it: 1 - |code - clipped| tells a clipped value, because code
    // was brought to within one of the grid.
    private static void terms(float[] middles, float[] weights, float[] terms, float delta, float offset, float top,
                              float gamma) {
        for (int i = 0; i < terms.length; i++) {
            float exact = Math.min(Math.max(middles[i] / delta - offset, -1f), top + 1);
            float code = (exact + ROUNDER) - ROUNDER;
            float clipped = Math.min(Math.max(code, 0f), top);
            float outside = Math.abs(code - clipped);
            float error = (clipped + offset) * delta - middles[i];
            terms[i] = error * error * weights[i] * (outside * gamma + (1 - outside));
        }
    }

    private void wideTerms(float delta, float offset) {
        for (int i = 0; i < terms.length; i++) {
            float code = (float) Math.rint(middles[i] / delta - offset);
            float clipped = Math.min(Math.max(code, 0f), top);
            float error = (clipped + offset) * delta - middles[i];
            terms[i] = error * error * weights[i] * (code == clipped ? 1 : gamma);
        }
    }

    private static double sum(float[] terms) {
        double a = 0;
        double b = 0;
        double c = 0;
        double d = 0;
        int i = 0;
        for (; i + 3 < terms.length; i += 4) {
            a += terms[i];
            b += terms[i + 1];
            c += terms[i + 2];
            d += terms[i + 3];
        }
        for (; i < terms.length; i++) {
            a += terms[i];
        }
        return a + b + (c + d);
    }
}
