package org.bitgrid.tensor.cpu;

import org.bitgrid.tensor.Shape;
import org.bitgrid.tensor.cpu.simd.VectorMaths;
import org.bitgrid.tensor.cpu.simd.VectorReductions;
import org.bitgrid.tensor.spi.Parallel;

/**
 * A contiguous tensor (N, C, …) as N images of C planes. Pieces of work are whole images, in an order that memory likes;
 * each has sums of its own, which are merged in the order of the pieces.
 */
record Planes(int images, int channels, int size) {
    private static final VectorReductions REDUCTIONS = VectorMaths.REDUCTIONS;
    /** Elements of one piece of work. */
    private static final int PIECE = 1 << 16;
    /** Each has its own sums, which are kept until all are merged. */
    private static final int MOST_PIECES = 16;
    /** Images whose planes of one channel are summed together. */
    private static final int MOST_TOGETHER = 16;

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
        return Math.max(1, Math.min(MOST_TOGETHER, VectorReductions.BLOCK / Math.max(1, size)));
    }

    /** Distance between planes of one channel. */
    int stride() {
        return channels * size;
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
        double[] partial = new double[pieces() * channels];
        parallel((begin, end) -> {
            int to = begin / chunk() * channels;
            float[] lanes = new float[VectorReductions.LANES];
            for (int n = begin; n < end; n += together()) {
                int rows = Math.min(together(), end - n);
                for (int c = 0; c < channels; c++) {
                    partial[to + c] += REDUCTIONS.sum(x, xAt + (n * channels + c) * size, size, rows, stride(), lanes);
                }
            }
        });
        double[] sums = new double[channels];
        for (int i = 0; i < partial.length; i++) {
            sums[i % channels] += partial[i];
        }
        return sums;
    }
}
