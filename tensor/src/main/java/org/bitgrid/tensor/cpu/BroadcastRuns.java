package org.bitgrid.tensor.cpu;

import org.bitgrid.tensor.Shape;
import org.bitgrid.tensor.spi.Parallel;

/**
 * A row-major tensor as runs of elements that share one element of a small tensor broadcast to it, such as all elements
 * of a channel that share a scale. Long runs are cut into segments and short ones joined into tasks, by the shapes
 * alone, so that sums do not depend on the number of threads.
 */
final class BroadcastRuns {
    /** Elements of a segment, at most. */
    static final int SEGMENT = 1 << 14;

    private final int length;
    private final int runs;
    private final int segmentsOfRun;
    private final int[] sizes;
    private final int[] strides;

    BroadcastRuns(Shape large, Shape small) {
        int lead = large.rank() - small.rank();
        int run = 1;
        int outer = large.rank();
        while (outer > 0 && (outer <= lead || small.dim(outer - 1 - lead) == 1)) {
            outer--;
            run *= large.dim(outer);
        }
        length = run;
        runs = run == 0 ? 0 : (int) (large.numel() / run);
        segmentsOfRun = (length + SEGMENT - 1) / SEGMENT;
        sizes = new int[outer];
        strides = new int[outer];
        int stride = 1;
        for (int i = outer - 1; i >= 0; i--) {
            sizes[i] = large.dim(i);
            int own = i < lead ? 1 : small.dim(i - lead);
            strides[i] = own == 1 ? 0 : stride;
            stride *= own;
        }
    }

    /** Elements of a run. */
    int length() {
        return length;
    }

    /** Number of runs. */
    int runs() {
        return runs;
    }

    /** Number of segments of all runs. */
    int segments() {
        return runs * segmentsOfRun;
    }

    /** Index in the small tensor of the element that a run shares. */
    int index(int run) {
        int rest = run;
        int index = 0;
        for (int i = sizes.length - 1; i >= 0; i--) {
            index += rest % sizes[i] * strides[i];
            rest /= sizes[i];
        }
        return index;
    }

    /** Index in the small tensor of the element that a segment shares. */
    int indexOfSegment(int segment) {
        return index(segment / segmentsOfRun);
    }

    /** What is done to one segment. */
    @FunctionalInterface
    interface Body {
        /**
         * @param segment 0 to {@link #segments} - 1
         * @param shared  index of the element that the segment shares
         * @param from    first element
         * @param to      end of the elements, exclusive
         */
        void run(int segment, int shared, int from, int to);
    }

    /** Runs {@code body} for all segments, in parallel. */
    void forEachSegment(Body body) {
        int together = Math.max(1, SEGMENT / Math.max(1, length));
        Parallel.range(segments(), together, (begin, end) -> {
            for (int segment = begin; segment < end; segment++) {
                int run = segment / segmentsOfRun;
                int from = run * length + (segment - run * segmentsOfRun) * SEGMENT;
                int to = Math.min(from + SEGMENT, (run + 1) * length);
                body.run(segment, index(run), from, to);
            }
        });
    }

    /** Sums of the segments' partial sums for each element of the small tensor, added in order. */
    double[] total(double[] partial, int elements) {
        double[] sums = new double[elements];
        for (int segment = 0; segment < partial.length; segment++) {
            sums[indexOfSegment(segment)] += partial[segment];
        }
        return sums;
    }
}
