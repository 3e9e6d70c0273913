package org.bitgrid.tensor.cpu.simd;

/**
 * Loops over the planes of normalisation, often so short that the compiler's own vectors would not pay. The same bits
 * in plain Java and at every width.
 */
public interface VectorPlanes {
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
