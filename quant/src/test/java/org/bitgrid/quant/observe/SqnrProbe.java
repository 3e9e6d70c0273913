package org.bitgrid.quant.observe;

/** Lets tests of other packages look at the parts of the search. */
public final class SqnrProbe {
    private SqnrProbe() {
    }

    /** The best pair of these scales and offsets for a histogram: scale, offset. */
    public static float[] best(HistogramObserver histogram, double[] deltas, double[] offsets, long steps,
            double gamma) {
        SqnrCost cost = new SqnrCost(histogram.edges(0), histogram.counts(0), steps, gamma);
        float[] best = null;
        double least = Double.POSITIVE_INFINITY;
        for (double delta : deltas) {
            for (double offset : offsets) {
                double found = cost.cost((float) delta, (float) offset);
                if (found < least) {
                    least = found;
                    best = new float[] {(float) delta, (float) offset};
                }
            }
        }
        return best;
    }

    /** All scales and all offsets that are tried for a symmetric range. */
    public static float[][] symmetricCandidates(double min, double max, long steps, int count) {
        SqnrCandidates candidates = SqnrCandidates.symmetric((float) min, (float) max, steps,
                new SqnrSettings(17, count, 21, 3));
        float[][] all = new float[2][candidates.size()];
        for (int i = 0; i < candidates.size(); i++) {
            all[0][i] = candidates.delta(i);
            all[1][i] = candidates.offset(i);
        }
        return all;
    }
}
