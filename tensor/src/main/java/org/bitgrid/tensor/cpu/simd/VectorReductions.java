package org.bitgrid.tensor.cpu.simd;

/**
 * Folds of runs of floats into one number. Blocks of {@link #BLOCK} elements are added in float, lane by lane, and the
 * blocks in double: a lane adds a few dozen numbers at most before it is widened. Which elements share a lane depends
 * on the vector width, so that sums may differ between widths in their last bits; calls at one width never differ.
 */
public interface VectorReductions {
    /** Elements that are added in float. */
    int BLOCK = 1024;
    /** Length of the buffer that callers lend for the lanes of a vector. */
    int LANES = 16;

    /** Sum of x[at] to x[at + count - 1]. */
    double sum(float[] x, int at, int count, float[] lanes);

    /** Sum of (x[at + i] - mean)² for i below {@code count}. */
    double sumOfSquares(float[] x, int at, int count, float mean, float[] lanes);

    /** Sum of x[xAt + i] · y[yAt + i] for i below {@code count}. */
    double dot(float[] x, int xAt, float[] y, int yAt, int count, float[] lanes);

    /**
     * Adds to sums[0] the sum of grad[gradAt + i], and to sums[1] that of grad[gradAt + i] · (x[xAt + i] - mean), for i
     * below {@code count}.
     */
    void gradientSums(float[] grad, int gradAt, float[] x, int xAt, int count, float mean, double[] sums,
                      float[] lanes);

    /** Largest of x[at] to x[at + count - 1], NaN when there is one; -infinity of nothing. */
    float max(float[] x, int at, int count, float[] lanes);

    /** Smallest of x[at] to x[at + count - 1], NaN when there is one; infinity of nothing. */
    float min(float[] x, int at, int count, float[] lanes);
}
