package org.bitgrid.tensor.cpu.simd;

/**
 * Loops over the planes of channels, often so short that the compiler's own vectors would not pay, or horizontal sums.
 * What maps elements gives the same bits in plain Java and at every width. What sums adds to {@link #LANES} floats of
 * each channel, so that images can be read as they lie in memory; callers widen these before too many were added.
 */
public interface VectorPlanes {
    /** Floats that hold the sum of one channel together. */
    int LANES = 16;

    /** Adds each of {@code channels} planes of {@code size} elements to its lanes. */
    void addSums(float[] x, int at, int size, int channels, float[] sums);

    /** Adds (x - mean)², with a mean for each channel. */
    void addSquares(float[] x, int at, int size, int channels, float[] means, float[] sums);

    /** Adds grad to the sums, and grad · (x - mean) to the products. */
    void addGradients(float[] grad, int gradAt, float[] x, int xAt, int size, int channels, float[] means, int meansAt,
                      float[] sums, float[] products);

    /** {@link #addGradients} of a gradient that counts only where y is positive. */
    void addGatedGradients(float[] grad, int gradAt, float[] y, int yAt, float[] x, int xAt, int size, int channels,
                           float[] means, int meansAt, float[] sums, float[] products);

    /** y = (x - centre) · slope + shift, the last two steps fused. */
    void affine(float[] x, int xAt, float[] y, int yAt, int count, float centre, float slope, float shift);

    /** {@link #affine}, negative results replaced by 0. */
    void affineRelu(float[] x, int xAt, float[] y, int yAt, int count, float centre, float slope, float shift);

    /** out = grad · gradSlope + ((x - centre) · xSlope + shift), fused. */
    void combine(float[] grad, int gradAt, float[] x, int xAt, float[] out, int outAt, int count, float gradSlope,
                 float centre, float xSlope, float shift);

    /** {@link #combine} of a gradient that counts only where y is positive. */
    void gatedCombine(float[] grad, int gradAt, float[] y, int yAt, float[] x, int xAt, float[] out, int outAt,
                      int count, float gradSlope, float centre, float xSlope, float shift);
}
