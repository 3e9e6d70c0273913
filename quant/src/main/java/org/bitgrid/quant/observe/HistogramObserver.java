package org.bitgrid.quant.observe;

import java.util.Arrays;
import org.bitgrid.tensor.Dispatch;
import org.bitgrid.tensor.Shape;
import org.bitgrid.tensor.StateException;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.Tensors;
import org.bitgrid.tensor.op.Histogram;
import org.bitgrid.tensor.op.MinMax;

/**
 * One histogram of evenly spaced bins for each statistic. A later batch that reaches beyond the range widens it: the
 * counts so far are distributed over the new bins. Ranges and edges are float in AIMET's order of operations, because a
 * value on an edge would otherwise fall into the neighbouring bin; counts are exact.
 *
 * <p>NaN is counted nowhere, infinities in the outer bins.
 */
public final class HistogramObserver {
    private final int bins;
    private final double growthLimit;
    private float[] min;
    private float[] max;
    private float[] leftLimit;
    private float[] rightLimit;
    private long[][] counts;

    /**
     * @param bins        number of bins of each histogram
     * @param growthLimit how far, all ends together, a range may grow in units of the first batch's range; infinite for
     *                    no limit
     */
    public HistogramObserver(int bins, double growthLimit) {
        if (bins < 1 || !(growthLimit > 0)) {
            throw new StateException("histogram: bins and growth limit must be positive; got " + bins + " and "
                    + growthLimit);
        }
        this.bins = bins;
        this.growthLimit = growthLimit;
    }

    public int bins() {
        return bins;
    }

    public boolean isEmpty() {
        return counts == null;
    }

    /** Number of histograms. */
    public int size() {
        return counts == null ? 0 : counts.length;
    }

    /** Lower end of the range of histogram {@code index}, as it was observed. */
    public float min(int index) {
        return min[index];
    }

    /** Upper end of the range of histogram {@code index}, as it was observed. */
    public float max(int index) {
        return max[index];
    }

    /** Counts of histogram {@code index}, not a copy. */
    long[] countsOf(int index) {
        return counts[index];
    }

    /** Counts of histogram {@code index}. */
    public long[] counts(int index) {
        return counts[index].clone();
    }

    /** The bins + 1 edges of histogram {@code index}. */
    public float[] edges(int index) {
        return Edges.of(min[index], max[index]).all(bins);
    }

    void clear() {
        counts = null;
    }

    HistogramObserver fresh() {
        return new HistogramObserver(bins, growthLimit);
    }

    /**
     * Edges of a range: i · step + start, each product and sum rounded; a range without width gets half on each side.
     */
    private record Edges(float start, float span) {
        static Edges of(float min, float max) {
            return min == max ? new Edges(min - 0.5f, max + 0.5f - (min - 0.5f)) : new Edges(min, max - min);
        }

        float at(int index, int bins) {
            return index * (span / bins) + start;
        }

        float[] all(int bins) {
            float[] edges = new float[bins + 1];
            for (int i = 0; i <= bins; i++) {
                edges[i] = at(i, bins);
            }
            return edges;
        }
    }

    /** Counts a batch in, viewed so that {@code statistics} is broadcast to it. */
    void observe(Tensor x, Shape statistics, NonFiniteCount count) {
        Tensor[] found = Dispatch.applyAll(new MinMax(statistics, true), x);
        long[] notFinite = found[2].toLongArray();
        count.add(notFinite[0], notFinite[1]);
        float[] low = found[0].toFloatArray();
        float[] high = found[1].toFloatArray();
        for (int i = 0; i < low.length; i++) {
            if (low[i] > high[i]) {
                throw new StateException("analyzer: Input tensor cannot contain only infinite or only NaN values; got "
                        + "no finite value" + (low.length == 1 ? "" : " for statistic " + i + " of " + low.length));
            }
        }
        if (counts == null) {
            start(x, statistics, low, high);
        } else {
            extend(x, statistics, low, high);
        }
    }

    private void start(Tensor x, Shape statistics, float[] low, float[] high) {
        min = low;
        max = high;
        leftLimit = new float[low.length];
        rightLimit = new float[low.length];
        float[] first = new float[low.length];
        float[] last = new float[low.length];
        for (int i = 0; i < low.length; i++) {
            Edges edges = Edges.of(low[i], high[i]);
            first[i] = edges.at(0, bins);
            last[i] = edges.at(bins, bins);
            float growth = (float) ((last[i] - first[i]) * growthLimit / 2);
            leftLimit[i] = first[i] - growth;
            rightLimit[i] = last[i] + growth;
        }
        counts = new long[low.length][bins];
        count(x, statistics, first, last);
    }

    private void extend(Tensor x, Shape statistics, float[] low, float[] high) {
        for (int i = 0; i < low.length; i++) {
            widen(i, low[i], high[i]);
        }
        count(x, statistics, min, max);
    }

    /** Has histogram {@code index} cover these ends too, as far as its growth is not limited. */
    private void widen(int index, float low, float high) {
        Edges edges = Edges.of(min[index], max[index]);
        float newMin = Math.min(Math.max(low, leftLimit[index]), edges.at(0, bins));
        float newMax = Math.min(Math.max(high, edges.at(bins, bins)), rightLimit[index]);
        if (newMin != min[index] || newMax != max[index]) {
            counts[index] = redistribute(counts[index], edges, newMin, newMax);
        }
        min[index] = newMin;
        max[index] = newMax;
    }

    /** Distributes counts over bins of another range. An old bin goes to the one or two new bins it overlaps. */
    private long[] redistribute(long[] old, Edges edges, float newMin, float newMax) {
        long[] moved = new long[bins];
        float newWidth = (newMax - newMin) / bins;
        float oldWidth = edges.at(1, bins) - edges.at(0, bins);
        for (int i = 0; i < bins; i++) {
            if (old[i] == 0) {
                continue;
            }
            float source = edges.at(i, bins);
            int bin = Math.min((int) ((source - newMin) / newWidth), bins - 1);
            float end = newMin + newWidth * (bin + 1);
            long part = Math.min((long) Math.rint((end - source) / oldWidth * (float) old[i]), old[i]);
            moved[bin] += part;
            if (part != old[i]) {
                int next = Math.min((int) ((source + newWidth - newMin) / newWidth), bins - 1);
                moved[next] += old[i] - part;
            }
        }
        return moved;
    }

    private void count(Tensor x, Shape statistics, float[] first, float[] last) {
        int[] dims = statistics.toArray();
        long[] found = Dispatch.apply(new Histogram(bins), x, Tensors.of(first, dims).to(x.device()),
                Tensors.of(last, dims).to(x.device())).toLongArray();
        for (int i = 0; i < counts.length; i++) {
            for (int k = 0; k < bins; k++) {
                counts[i][k] += found[i * bins + k];
            }
        }
    }

    /** Adds the histograms of another observer with as many bins, over a range that covers both. */
    void merge(HistogramObserver other) {
        if (other.bins != bins) {
            throw new StateException("histogram: only histograms of as many bins can be merged; got " + other.bins
                    + " and " + bins);
        }
        if (counts == null) {
            min = other.min.clone();
            max = other.max.clone();
            leftLimit = other.leftLimit.clone();
            rightLimit = other.rightLimit.clone();
            counts = Arrays.stream(other.counts).map(long[]::clone).toArray(long[][]::new);
            return;
        }
        for (int i = 0; i < counts.length; i++) {
            Edges edges = Edges.of(other.min[i], other.max[i]);
            boolean same = other.min[i] == min[i] && other.max[i] == max[i];
            if (!same) {
                widen(i, other.min[i], other.max[i]);
                same = other.min[i] == min[i] && other.max[i] == max[i];
            }
            long[] more = same ? other.counts[i] : redistribute(other.counts[i], edges, min[i], max[i]);
            for (int k = 0; k < bins; k++) {
                counts[i][k] += more[k];
            }
        }
    }
}
