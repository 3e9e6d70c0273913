package org.bitgrid.tensor.cpu;

import java.util.Arrays;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.op.Histogram;
import org.bitgrid.tensor.op.MinMax;
import org.bitgrid.tensor.op.Op;
import org.bitgrid.tensor.spi.Parallel;

/** Smallest and largest elements, and histograms. */
final class ObservationKernels {
    /** Running extremes kept side by side: an element-wise loop, which the compiler vectorises, unlike a reduction. */
    private static final int LANES = 512;
    /** Elements whose bins are computed at a time. */
    private static final int BLOCK = 1024;
    /** Histograms filled in turn, so that equal neighbours do not wait for one another's count. */
    private static final int COPIES = 4;

    private ObservationKernels() {
    }

    static void register() {
        CpuBackend.define(MinMax.class, ObservationKernels::minMax);
        CpuBackend.define(Histogram.class, ObservationKernels::histogram);
    }

    private static void minMax(Op op, Tensor[] in, Tensor[] out) {
        boolean finiteOnly = ((MinMax) op).finiteOnly();
        float[] x = QuantKernels.fromZero(in[0]);
        BroadcastRuns runs = new BroadcastRuns(in[0].layout().shape(), out[0].layout().shape());
        float[] low = new float[runs.segments()];
        float[] high = new float[runs.segments()];
        int[] nan = new int[runs.segments()];
        int[] infinite = new int[runs.segments()];
        runs.forEachSegment((segment, shared, from, to) -> {
            extremes(x, from, to, segment, low, high);
            if (!Float.isFinite(low[segment]) || !Float.isFinite(high[segment])) {
                lookClosely(x, from, to, segment, finiteOnly, low, high, nan, infinite);
            }
        });
        float[] min = QuantKernels.floats(out[0]);
        float[] max = QuantKernels.floats(out[1]);
        int elements = (int) out[0].layout().shape().numel();
        Arrays.fill(min, 0, elements, Float.POSITIVE_INFINITY);
        Arrays.fill(max, 0, elements, Float.NEGATIVE_INFINITY);
        long[] counts = out[2].storage().longs();
        counts[0] = 0;
        counts[1] = 0;
        for (int segment = 0; segment < low.length; segment++) {
            int shared = runs.indexOfSegment(segment);
            min[shared] = Math.min(min[shared], low[segment]);
            max[shared] = Math.max(max[shared], high[segment]);
            counts[0] += nan[segment];
            counts[1] += infinite[segment];
        }
    }

    private static void extremes(float[] x, int from, int to, int segment, float[] low, float[] high) {
        float min = x[from];
        float max = x[from];
        int at = from;
        if (to - from >= 2 * LANES) {
            float[] least = Arrays.copyOfRange(x, from, from + LANES);
            float[] most = least.clone();
            float[] next = new float[LANES];
            for (at = from + LANES; at + LANES <= to; at += LANES) {
                System.arraycopy(x, at, next, 0, LANES);
                fold(next, least, most);
            }
            for (int i = 0; i < LANES; i++) {
                min = Math.min(min, least[i]);
                max = Math.max(max, most[i]);
            }
        }
        for (; at < to; at++) {
            min = Math.min(min, x[at]);
            max = Math.max(max, x[at]);
        }
        low[segment] = min;
        high[segment] = max;
    }

    private static void fold(float[] next, float[] least, float[] most) {
        for (int i = 0; i < LANES; i++) {
            float value = next[i];
            least[i] = Math.min(least[i], value);
            most[i] = Math.max(most[i], value);
        }
    }

    private static void lookClosely(float[] x, int from, int to, int segment, boolean finiteOnly, float[] low,
                                    float[] high, int[] nan, int[] infinite) {
        float min = Float.POSITIVE_INFINITY;
        float max = Float.NEGATIVE_INFINITY;
        for (int i = from; i < to; i++) {
            if (Float.isNaN(x[i])) {
                nan[segment]++;
            } else if (Float.isInfinite(x[i])) {
                infinite[segment]++;
            } else {
                min = Math.min(min, x[i]);
                max = Math.max(max, x[i]);
            }
        }
        if (finiteOnly) {
            low[segment] = min;
            high[segment] = max;
        }
    }

    private static void histogram(Op op, Tensor[] in, Tensor[] out) {
        int bins = ((Histogram) op).bins();
        float[] x = QuantKernels.fromZero(in[0]);
        float[] low = in[1].toFloatArray();
        float[] high = in[2].toFloatArray();
        BroadcastRuns runs = new BroadcastRuns(in[0].layout().shape(), in[1].layout().shape());
        long[] counts = out[0].storage().longs();
        Arrays.fill(counts, 0, low.length * bins, 0);
        if (low.length == 1) {
            runs.forEachSegment((segment, shared, from, to) -> {
                int[] found = new int[COPIES * bins];
                count(x, from, to, low[0], high[0], bins, found);
                synchronized (counts) {
                    add(found, bins, counts, 0);
                }
            });
            return;
        }
        int[] order = runsByIndex(runs, low.length);
        int[] starts = starts(runs, order, low.length);
        Parallel.range(low.length, 1, (begin, end) -> {
            int[] found = new int[COPIES * bins];
            for (int k = begin; k < end; k++) {
                Arrays.fill(found, 0);
                for (int i = starts[k]; i < starts[k + 1]; i++) {
                    int from = order[i] * runs.length();
                    count(x, from, from + runs.length(), low[k], high[k], bins, found);
                }
                add(found, bins, counts, k * bins);
            }
        });
    }

    /** Runs ordered by the element they share. */
    private static int[] runsByIndex(BroadcastRuns runs, int elements) {
        int[] next = new int[elements + 1];
        for (int run = 0; run < runs.runs(); run++) {
            next[runs.index(run) + 1]++;
        }
        for (int k = 0; k < elements; k++) {
            next[k + 1] += next[k];
        }
        int[] order = new int[runs.runs()];
        for (int run = 0; run < runs.runs(); run++) {
            order[next[runs.index(run)]++] = run;
        }
        return order;
    }

    private static int[] starts(BroadcastRuns runs, int[] order, int elements) {
        int[] starts = new int[elements + 1];
        int at = 0;
        for (int k = 0; k < elements; k++) {
            starts[k] = at;
            while (at < order.length && runs.index(order[at]) == k) {
                at++;
            }
        }
        starts[elements] = at;
        return starts;
    }

    private static void add(int[] found, int bins, long[] counts, int at) {
        for (int i = 0; i < bins; i++) {
            counts[at + i] += (long) found[i] + found[bins + i] + found[2 * bins + i] + found[3 * bins + i];
        }
    }

    private static void count(float[] x, int from, int to, float low, float high, int bins, int[] found) {
        float span = high - low;
        if (!(span > 0) || Float.isInfinite(span)) {
            countSlowly(x, from, to, low, high, bins, found);
            return;
        }
        float[] places = new float[Math.min(BLOCK, to - from)];
        for (int begin = from; begin < to; begin += BLOCK) {
            int length = Math.min(BLOCK, to - begin);
            System.arraycopy(x, begin, places, 0, length);
            places(places, length, low, span, bins);
            int offset = 0;
            for (int i = 0; i < length; i++) {
                float place = places[i];
                if (place == place) { // NaN is counted nowhere
                    found[offset + (int) place]++;
                }
                offset = offset == (COPIES - 1) * bins ? 0 : offset + bins;
            }
        }
    }

    /** Turns values into places among the bins, in place. */
    private static void places(float[] values, int length, float low, float span, float bins) {
        for (int i = 0; i < length; i++) {
            values[i] = Math.min(Math.max((values[i] - low) * bins / span, 0f), bins - 1);
        }
    }

    private static void countSlowly(float[] x, int from, int to, float low, float high, int bins, int[] found) {
        for (int i = from; i < to; i++) {
            if (x[i] < low) {
                found[0]++;
            } else if (x[i] > high) {
                found[bins - 1]++;
            } else if (!Float.isNaN(x[i])) {
                found[Math.min((int) ((x[i] - low) * bins / (high - low)), bins - 1)]++;
            }
        }
    }
}
