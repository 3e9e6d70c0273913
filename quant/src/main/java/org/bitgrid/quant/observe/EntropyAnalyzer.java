package org.bitgrid.quant.observe;

import java.util.List;
import org.bitgrid.tensor.Shape;

/**
 * The range whose codes tell most about the values: of ranges that shrink from the observed one towards zero, the one
 * with the smallest divergence (Kullback and Leibler, 1951) of the distribution of codes from that of the values.
 *
 * <p>P is the histogram cut to the range, what lies outside added to its outer bins. Q is P without what lies outside,
 * joined into as many groups of bins as the grid has codes, each group's mass spread over its bins that are not empty.
 * The divergence is the sum of P · log(P / Q), bins that Q lacks counting as if one millionth of the mass lay there.
 */
public final class EntropyAnalyzer extends HistogramAnalyzer {
    private static final int CANDIDATES = 100;
    private static final double MISSING_MASS = 1e-6;

    public EntropyAnalyzer(Shape shape, List<Integer> blockSize) {
        super(shape, blockSize, DEFAULT_BINS, Double.POSITIVE_INFINITY);
    }

    @Override
    public EncodingAnalyzer fresh() {
        return forShape(shape(), blockSize());
    }

    @Override
    public EncodingAnalyzer forShape(Shape otherShape, List<Integer> otherBlockSize) {
        return new EntropyAnalyzer(otherShape, otherBlockSize);
    }

    @Override
    protected float[] rangeOf(int index, long steps, boolean symmetric) {
        float[] edges = histograms().edges(index);
        long[] counts = histograms().countsOf(index);
        double low = Math.min(edges[0], 0);
        double high = Math.max(edges[counts.length], 0);
        if (symmetric) {
            high = Math.max(high, -low);
            low = -high;
        }
        double best = 1;
        double least = Double.POSITIVE_INFINITY;
        for (int i = CANDIDATES; i >= 1; i--) {
            double part = (double) i / CANDIDATES;
            double divergence = divergence(edges, counts, low * part, high * part, steps + 1);
            if (divergence < least) {
                least = divergence;
                best = part;
            }
        }
        return RangeMath.ofPercentile((float) (low * best), (float) (high * best), steps, symmetric);
    }

    private static double divergence(float[] edges, long[] counts, double low, double high, long codes) {
        int first = binOf(edges, low);
        int last = binOf(edges, high);
        int length = last - first + 1;
        double[] kept = new double[length];
        double[] clipped = new double[length];
        double inside = 0;
        double total = 0;
        for (int i = 0; i < counts.length; i++) {
            int at = Math.min(Math.max(i, first), last) - first;
            clipped[at] += counts[i];
            total += counts[i];
            if (i >= first && i <= last) {
                kept[at] += counts[i];
                inside += counts[i];
            }
        }
        if (inside == 0) {
            return Double.POSITIVE_INFINITY;
        }
        double[] spread = spread(kept, clipped, codes);
        double sum = 0;
        for (int i = 0; i < length; i++) {
            if (clipped[i] > 0) {
                double p = clipped[i] / total;
                double q = Math.max(spread[i] / inside, MISSING_MASS);
                sum += p * StrictMath.log(p / q);
            }
        }
        return sum;
    }

    /** Each group's mass, evenly over those of its bins that hold anything. */
    private static double[] spread(double[] kept, double[] clipped, long codes) {
        int length = kept.length;
        double[] spread = new double[length];
        int groups = (int) Math.min(codes, length);
        for (int group = 0; group < groups; group++) {
            int begin = (int) ((long) group * length / groups);
            int end = (int) ((long) (group + 1) * length / groups);
            double mass = 0;
            int filled = 0;
            for (int i = begin; i < end; i++) {
                mass += kept[i];
                filled += clipped[i] > 0 ? 1 : 0;
            }
            for (int i = begin; i < end; i++) {
                spread[i] = clipped[i] > 0 ? mass / filled : 0;
            }
        }
        return spread;
    }

    private static int binOf(float[] edges, double value) {
        int bins = edges.length - 1;
        double width = ((double) edges[bins] - edges[0]) / bins;
        return (int) Math.min(Math.max((value - edges[0]) / width, 0), bins - 1);
    }
}
