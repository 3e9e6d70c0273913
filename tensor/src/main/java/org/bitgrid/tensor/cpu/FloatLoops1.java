package org.bitgrid.tensor.cpu;

import org.bitgrid.tensor.cpu.simd.VectorFunctions;
import org.bitgrid.tensor.cpu.simd.VectorMaths;
import org.bitgrid.tensor.op.ParametricPointwise;
import org.bitgrid.tensor.op.Pointwise1;

/** One plain loop for each function of one float; the compiler vectorises those that are arithmetic. */
final class FloatLoops1 {
    private static final VectorFunctions FUNCTIONS = VectorMaths.FUNCTIONS;

    private FloatLoops1() {
    }

    /** y[yAt + i] = f(x[xAt + i]) for i below {@code count}. */
    @FunctionalInterface
    interface Loop {
        void run(float[] x, int xAt, float[] y, int yAt, int count);
    }

    static Loop of(Pointwise1.Kind kind) {
        return switch (kind) {
            case NEG -> FloatLoops1::neg;
            case ABS -> FloatLoops1::abs;
            case SIGN -> FloatLoops1::sign;
            case SQUARE -> FloatLoops1::square;
            case FLOOR -> FloatLoops1::floor;
            case CEIL -> FloatLoops1::ceil;
            case ROUND -> FloatLoops1::round;
            case SQRT -> FloatLoops1::sqrt;
            case RSQRT -> FloatLoops1::rsqrt;
            case RECIPROCAL -> FloatLoops1::reciprocal;
            case RELU -> FUNCTIONS::relu;
            case RELU6 -> FloatLoops1::relu6;
            case EXP -> FUNCTIONS::exp;
            case LOG -> FUNCTIONS::log;
            case SIGMOID -> FUNCTIONS::sigmoid;
            case TANH -> FUNCTIONS::tanh;
            case ERF -> FUNCTIONS::erf;
            case GELU -> FUNCTIONS::gelu;
            case GELU_TANH -> FUNCTIONS::geluTanh;
            case SILU -> FUNCTIONS::silu;
            case MISH -> FUNCTIONS::mish;
            case HARDSWISH -> FloatLoops1::hardswish;
            case HARDSIGMOID -> FloatLoops1::hardsigmoid;
            case SOFTSIGN -> FloatLoops1::softsign;
            // Rare: the definition, in double precision; a call for each element costs less than what is called.
            default -> (x, xAt, y, yAt, count) -> define(kind, x, xAt, y, yAt, count);
        };
    }

    static Loop of(ParametricPointwise op) {
        float first = (float) op.first();
        float second = (float) op.second();
        return switch (op.kind()) {
            case CLAMP, HARDTANH -> (x, xAt, y, yAt, count) -> clamp(first, second, x, xAt, y, yAt, count);
            case LEAKY_RELU -> (x, xAt, y, yAt, count) -> leakyRelu(first, x, xAt, y, yAt, count);
            default -> (x, xAt, y, yAt, count) -> define(op, x, xAt, y, yAt, count);
        };
    }

    private static void clamp(float least, float most, float[] x, int xAt, float[] y, int yAt, int count) {
        for (int i = 0; i < count; i++) {
            y[yAt + i] = Math.min(Math.max(x[xAt + i], least), most);
        }
    }

    private static void leakyRelu(float slope, float[] x, int xAt, float[] y, int yAt, int count) {
        for (int i = 0; i < count; i++) {
            y[yAt + i] = Math.max(x[xAt + i], 0f) + slope * Math.min(x[xAt + i], 0f);
        }
    }

    private static void define(ParametricPointwise op, float[] x, int xAt, float[] y, int yAt, int count) {
        for (int i = 0; i < count; i++) {
            y[yAt + i] = (float) op.reference(x[xAt + i]);
        }
    }

    private static void neg(float[] x, int xAt, float[] y, int yAt, int count) {
        for (int i = 0; i < count; i++) {
            y[yAt + i] = -x[xAt + i];
        }
    }

    private static void abs(float[] x, int xAt, float[] y, int yAt, int count) {
        for (int i = 0; i < count; i++) {
            y[yAt + i] = Math.abs(x[xAt + i]);
        }
    }

    private static void sign(float[] x, int xAt, float[] y, int yAt, int count) {
        for (int i = 0; i < count; i++) {
            y[yAt + i] = Math.signum(x[xAt + i]);
        }
    }

    private static void square(float[] x, int xAt, float[] y, int yAt, int count) {
        for (int i = 0; i < count; i++) {
            y[yAt + i] = x[xAt + i] * x[xAt + i];
        }
    }

    private static void floor(float[] x, int xAt, float[] y, int yAt, int count) {
        for (int i = 0; i < count; i++) {
            y[yAt + i] = (float) Math.floor(x[xAt + i]);
        }
    }

    private static void ceil(float[] x, int xAt, float[] y, int yAt, int count) {
        for (int i = 0; i < count; i++) {
            y[yAt + i] = (float) Math.ceil(x[xAt + i]);
        }
    }

    private static void round(float[] x, int xAt, float[] y, int yAt, int count) {
        for (int i = 0; i < count; i++) {
            y[yAt + i] = (float) Math.rint(x[xAt + i]);
        }
    }

    /** The cast makes it a float root, which is correctly rounded: the double root has digits enough. */
    private static void sqrt(float[] x, int xAt, float[] y, int yAt, int count) {
        for (int i = 0; i < count; i++) {
            y[yAt + i] = (float) Math.sqrt(x[xAt + i]);
        }
    }

    private static void rsqrt(float[] x, int xAt, float[] y, int yAt, int count) {
        for (int i = 0; i < count; i++) {
            y[yAt + i] = 1 / (float) Math.sqrt(x[xAt + i]);
        }
    }

    private static void reciprocal(float[] x, int xAt, float[] y, int yAt, int count) {
        for (int i = 0; i < count; i++) {
            y[yAt + i] = 1 / x[xAt + i];
        }
    }

    private static void relu6(float[] x, int xAt, float[] y, int yAt, int count) {
        for (int i = 0; i < count; i++) {
            y[yAt + i] = Math.min(Math.max(x[xAt + i], 0f), 6f);
        }
    }

    private static void hardswish(float[] x, int xAt, float[] y, int yAt, int count) {
        for (int i = 0; i < count; i++) {
            y[yAt + i] = x[xAt + i] * Math.min(Math.max(x[xAt + i] + 3f, 0f), 6f) / 6f;
        }
    }

    private static void hardsigmoid(float[] x, int xAt, float[] y, int yAt, int count) {
        for (int i = 0; i < count; i++) {
            y[yAt + i] = Math.min(Math.max(x[xAt + i] + 3f, 0f), 6f) / 6f;
        }
    }

    private static void softsign(float[] x, int xAt, float[] y, int yAt, int count) {
        for (int i = 0; i < count; i++) {
            y[yAt + i] = x[xAt + i] / (1f + Math.abs(x[xAt + i]));
        }
    }

    private static void define(Pointwise1.Kind kind, float[] x, int xAt, float[] y, int yAt, int count) {
        for (int i = 0; i < count; i++) {
            y[yAt + i] = (float) kind.reference(x[xAt + i]);
        }
    }
}
