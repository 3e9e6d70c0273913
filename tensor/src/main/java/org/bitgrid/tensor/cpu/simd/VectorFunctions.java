package org.bitgrid.tensor.cpu.simd;

/**
 * Functions of each element of a run of floats: y[yAt + i] = f(x[xAt + i]) for i below {@code count}; x and y may be
 * the same run. Every implementation computes each element by the same additions, multiplications and fused
 * multiply-adds, so that results have the same bits with any vector width and without vectors.
 */
public interface VectorFunctions {
    /** e to the power of x, within 2 units in the last place. */
    void exp(float[] x, int xAt, float[] y, int yAt, int count);

    /** Natural logarithm, within 2 units in the last place. */
    void log(float[] x, int xAt, float[] y, int yAt, int count);

    /** 1 / (1 + exp(-x)), within 2.5 units in the last place. */
    void sigmoid(float[] x, int xAt, float[] y, int yAt, int count);

    /** Hyperbolic tangent, within 2.5 units in the last place. */
    void tanh(float[] x, int xAt, float[] y, int yAt, int count);

    /** Error function, within 2.5 units in the last place. */
    void erf(float[] x, int xAt, float[] y, int yAt, int count);

    /** x · Φ(x), Φ the normal distribution function, within 3.5 units in the last place. */
    void gelu(float[] x, int xAt, float[] y, int yAt, int count);

    /** {@link #gelu} by way of tanh: 0.5 · x · (1 + tanh(sqrt(2/π) · (x + 0.044715 · x³))). */
    void geluTanh(float[] x, int xAt, float[] y, int yAt, int count);

    /** x · sigmoid(x), within 3 units in the last place. */
    void silu(float[] x, int xAt, float[] y, int yAt, int count);

    /** x · tanh(log(1 + exp(x))), within 3.5 units in the last place. */
    void mish(float[] x, int xAt, float[] y, int yAt, int count);

    /** max(x, 0): one instruction here, several in what the compiler makes of Math.max. */
    void relu(float[] x, int xAt, float[] y, int yAt, int count);

    /** grad where y &gt; 0, else 0. */
    void reluGrad(float[] grad, int gradAt, float[] y, int yAt, float[] out, int outAt, int count);

    /** grad where 0 &lt; y &lt; 6, else 0. */
    void relu6Grad(float[] grad, int gradAt, float[] y, int yAt, float[] out, int outAt, int count);
}
