package org.bitgrid.tensor.cpu;

import java.util.Arrays;
import org.bitgrid.tensor.Shape;
import org.bitgrid.tensor.cpu.simd.VectorMaths;
import org.bitgrid.tensor.cpu.simd.VectorPlanes;
import org.bitgrid.tensor.spi.Parallel;

/**
 * A contiguous tensor (N, C, …) as N images of C planes. Pieces of work are whole images, in an order that memory likes;
 * each has sums of its own, which are merged in the order of the pieces.
 */
record Planes(int images, int channels, int size) {
    private static final VectorPlanes PLANES = VectorMaths.PLANES;
    /** Elements of one piece of work. */
    private static final int PIECE = 1 << 16;
    /** Each has its own sums, which are kept until all are merged. */
    private static final int MOST_PIECES = 16;
    /** Images, and elements of a channel, that are summed in float before they are widened. */
    private static final int MOST_TOGETHER = 16;
    private static final int FLOAT_ELEMENTS = 1024;

    static Planes of(Shape shape) {
        return new Planes(shape.dim(0), shape.dim(1), (int) shape.slice(2, shape.rank()).numel());
    }

    /** Images of one piece of work. */
    int chunk() {
        return Math.max((images + MOST_PIECES - 1) / MOST_PIECES, Math.max(1, PIECE / Math.max(1, channels * size)));
    }

    int pieces() {
        return (images + chunk() - 1) / chunk();
    }

    /** Images whose planes of one channel may be added in float. */
    int together() {
        return Math.max(1, Math.min(MOST_TOGETHER, FLOAT_ELEMENTS / Math.max(1, size)));
    }

    /** Elements of each channel. */
    double count() {
        return (double) images * size;
    }

    /** Runs {@code body} over the images. */
    void parallel(Parallel.Body body) {
        Parallel.range(images, chunk(), body);
    }

    /** The sum of each channel. */
    double[] sums(float[] x, int xAt) {
        int count = pieces() * channels;
        double[] partial = Scratch.zeroDoubles(Scratch.Wide.PARTIAL_SUMS, count);
        parallel((begin, end) -> {
            int to = begin / chunk() * channels;
            float[] lanes = Scratch.zeros(Scratch.Use.CHANNEL_SUMS, channels * VectorPlanes.LANES);
            for (int n = begin; n < end; n++) {
                PLANES.addSums(x, xAt + n * channels * size, size, channels, lanes);
                if (isWidened(n, begin, end)) {
                    widen(lanes, partial, to);
                }
            }
        });
        double[] sums = new double[channels];
        for (int i = 0; i < count; i++) {
            sums[i % channels] += partial[i];
        }
        return sums;
    }

    /** Whether lanes are to be widened after image n of a piece. */
    boolean isWidened(int n, int begin, int end) {
        return (n - begin + 1) % together() == 0 || n == end - 1;
    }

    /** Adds the lanes of each channel to its sum, and clears them. */
    void widen(float[] lanes, double[] sums, int at) {
        for (int c = 0; c < channels; c++) {
            double sum0 = 0;
            double sum1 = 0;
            for (int i = c * VectorPlanes.LANES; i < (c + 1) * VectorPlanes.LANES; i += 2) {
                sum0 += lanes[i];
                sum1 += lanes[i + 1];
            }
            sums[at + c] += sum0 + sum1;
        }
        Arrays.fill(lanes, 0, channels * VectorPlanes.LANES, 0);
    }
}
