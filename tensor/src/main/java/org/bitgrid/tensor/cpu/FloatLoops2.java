package org.bitgrid.tensor.cpu;

import org.bitgrid.tensor.cpu.simd.VectorFunctions;
import org.bitgrid.tensor.cpu.simd.VectorMaths;
import org.bitgrid.tensor.op.Pointwise1;
import org.bitgrid.tensor.op.Pointwise2;

/** One plain loop for each function of two floats; the compiler vectorises those that are arithmetic. */
final class FloatLoops2 {
    private static final VectorFunctions FUNCTIONS = VectorMaths.FUNCTIONS;

    private FloatLoops2() {
    }

    /** y[yAt + i] = f(a[aAt + i], b[bAt + i]) for i below {@code count}. */
    @FunctionalInterface
    interface Loop {
        void run(float[] a, int aAt, float[] b, int bAt, float[] y, int yAt, int count);
    }

    /** The loop of a function that is no comparison. */
    static Loop of(Pointwise2.Kind kind) {
        return switch (kind) {
            case ADD -> FloatLoops2::add;
            case SUB -> FloatLoops2::sub;
            case MUL -> FloatLoops2::mul;
            case DIV -> FloatLoops2::div;
            case POW -> FloatLoops2::pow;
            case MAXIMUM -> FloatLoops2::maximum;
            case MINIMUM -> FloatLoops2::minimum;
            case RELU_GRAD -> FUNCTIONS::reluGrad;
            case RELU6_GRAD -> FUNCTIONS::relu6Grad;
            case SIGMOID_GRAD -> FloatLoops2::sigmoidGrad;
            case TANH_GRAD -> FloatLoops2::tanhGrad;
            case FMOD, REMAINDER, FLOOR_DIVIDE, ATAN2 -> (a, aAt, b, bAt, y, yAt, count) ->
                    define(kind, a, aAt, b, bAt, y, yAt, count);
            case EQ, NE, LT, LE, GT, GE -> throw new IllegalArgumentException("no float result: " + kind);
        };
    }

    private static void add(float[] a, int aAt, float[] b, int bAt, float[] y, int yAt, int count) {
        for (int i = 0; i < count; i++) {
            y[yAt + i] = a[aAt + i] + b[bAt + i];
        }
    }

    private static void sub(float[] a, int aAt, float[] b, int bAt, float[] y, int yAt, int count) {
        for (int i = 0; i < count; i++) {
            y[yAt + i] = a[aAt + i] - b[bAt + i];
        }
    }

    private static void mul(float[] a, int aAt, float[] b, int bAt, float[] y, int yAt, int count) {
        for (int i = 0; i < count; i++) {
            y[yAt + i] = a[aAt + i] * b[bAt + i];
        }
    }

    private static void div(float[] a, int aAt, float[] b, int bAt, float[] y, int yAt, int count) {
        for (int i = 0; i < count; i++) {
            y[yAt + i] = a[aAt + i] / b[bAt + i];
        }
    }

    private static void maximum(float[] a, int aAt, float[] b, int bAt, float[] y, int yAt, int count) {
        for (int i = 0; i < count; i++) {
            y[yAt + i] = Math.max(a[aAt + i], b[bAt + i]);
        }
    }

    private static void minimum(float[] a, int aAt, float[] b, int bAt, float[] y, int yAt, int count) {
        for (int i = 0; i < count; i++) {
            y[yAt + i] = Math.min(a[aAt + i], b[bAt + i]);
        }
    }

    private static void sigmoidGrad(float[] g, int gAt, float[] y, int yAt, float[] out, int at, int count) {
        for (int i = 0; i < count; i++) {
            out[at + i] = g[gAt + i] * y[yAt + i] * (1 - y[yAt + i]);
        }
    }

    /** (1 - y) · (1 + y) keeps its digits where y is near 1 or -1, which 1 - y² does not. */
    private static void tanhGrad(float[] g, int gAt, float[] y, int yAt, float[] out, int at, int count) {
        for (int i = 0; i < count; i++) {
            out[at + i] = g[gAt + i] * ((1 - y[yAt + i]) * (1 + y[yAt + i]));
        }
    }

    /** Rare functions, in double precision. */
    private static void define(Pointwise2.Kind kind, float[] a, int aAt, float[] b, int bAt, float[] y, int yAt,
                               int count) {
        for (int i = 0; i < count; i++) {
            y[yAt + i] = (float) kind.reference(a[aAt + i], b[bAt + i]);
        }
    }

    private static void pow(float[] a, int aAt, float[] b, int bAt, float[] y, int yAt, int count) {
        for (int i = 0; i < count; i++) {
            y[yAt + i] = (float) DoubleMath.pow(a[aAt + i], b[bAt + i]);
        }
    }

    /** The loop for a power that is the same for all elements: products and roots where these will do. */
    static FloatLoops1.Loop power(double exponent) {
        if (exponent == 2) {
            return FloatLoops1.of(Pointwise1.Kind.SQUARE);
        }
        if (exponent == 3) {
            return FloatLoops2::cube;
        }
        if (exponent == 1) {
            return (x, xAt, y, yAt, count) -> System.arraycopy(x, xAt, y, yAt, count);
        }
        if (exponent == -1) {
            return FloatLoops1.of(Pointwise1.Kind.RECIPROCAL);
        }
        return (x, xAt, y, yAt, count) -> power(x, xAt, exponent, y, yAt, count);
    }

    private static void cube(float[] x, int xAt, float[] y, int yAt, int count) {
        for (int i = 0; i < count; i++) {
            y[yAt + i] = x[xAt + i] * x[xAt + i] * x[xAt + i];
        }
    }

    private static void power(float[] x, int xAt, double exponent, float[] y, int yAt, int count) {
        for (int i = 0; i < count; i++) {
            y[yAt + i] = (float) DoubleMath.pow(x[xAt + i], exponent);
        }
    }
}
