package org.bitgrid.quant.observe;

import org.bitgrid.quant.encoding.EncodingMath;

/** Tries candidate ranges on a histogram and takes the one with the smallest weighted squared error. */
final class SqnrSearch {
    private SqnrSearch() {
    }

    /** Lower and upper end of the best range for histogram {@code index}. */
    static float[] best(HistogramObserver histograms, int index, long steps, boolean symmetric, SqnrSettings settings) {
        float low = Math.min(histograms.min(index), 0f);
        float high = Math.max(Math.max(histograms.max(index), 0f), low + EncodingMath.minimumScale(steps) * steps);
        SqnrCandidates candidates = symmetric ? SqnrCandidates.symmetric(low, high, steps, settings)
                : SqnrCandidates.asymmetric(low, high, steps, settings);
        SqnrCost cost = new SqnrCost(histograms.edges(index), histograms.countsOf(index), steps, settings.gamma());
        int best = cost.best(candidates);
        float delta = candidates.delta(best);
        float min = candidates.offset(best) * delta;
        return new float[] {min, min + steps * delta};
    }
}
