package org.bitgrid.tensor.cpu.simd;

/** Primitives over runs of a {@code float[]}. Results of one implementation are the same bits on every call. */
public interface VectorMath {
    /** Floats in one vector; 1 for plain Java. */
    int lanes();

    /** Sum of x[xAt + i] · y[yAt + i] for i below {@code count}. */
    float dot(float[] x, int xAt, float[] y, int yAt, int count);
}
