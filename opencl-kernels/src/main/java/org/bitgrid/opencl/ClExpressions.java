package org.bitgrid.opencl;

import org.bitgrid.tensor.op.ParametricPointwise;
import org.bitgrid.tensor.op.Pointwise1;
import org.bitgrid.tensor.op.Pointwise2;

/**
 * Pointwise operators in OpenCL C. Names are those of the enum constants, so that a constant without an expression does
 * not compile. Helpers that take more than a line are in {@code pointwise.cl}.
 */
final class ClExpressions {
    private ClExpressions() {
    }

    /** A function of {@code float x}. */
    static String of(Pointwise1.Kind kind) {
        return switch (kind) {
            case NEG -> "-x";
            case ABS -> "fabs(x)";
            case SIGN -> "x > 0 ? 1.0f : x < 0 ? -1.0f : x";
            case SQUARE -> "x * x";
            case FLOOR -> "floor(x)";
            case CEIL -> "ceil(x)";
            case ROUND -> "rint(x)";
            case TRUNC -> "trunc(x)";
            case FRAC -> "x - trunc(x)";
            case EXP -> "exp(x)";
            case LOG -> "log(x)";
            case LOG1P -> "log1p(x)";
            case LOG2 -> "log2(x)";
            case LOG10 -> "log10(x)";
            case EXPM1 -> "expm1(x)";
            case EXP2 -> "exp2(x)";
            case SIN -> "sin(x)";
            case COS -> "cos(x)";
            case TAN -> "tan(x)";
            case ASIN -> "asin(x)";
            case ACOS -> "acos(x)";
            case ATAN -> "atan(x)";
            case SINH -> "sinh(x)";
            case COSH -> "cosh(x)";
            case SQRT -> "sqrt(x)";
            case RSQRT -> "1.0f / sqrt(x)";
            case RECIPROCAL -> "1.0f / x";
            case SIGMOID -> "logistic(x)";
            case TANH -> "tanh(x)";
            case ERF -> "erf(x)";
            case RELU -> "x > 0 || isnan(x) ? x : 0.0f";
            case RELU6 -> "isnan(x) ? x : fmin(fmax(x, 0.0f), 6.0f)";
            case GELU -> "0.5f * x * erfc(x * -0.70710678f)";
            case GELU_TANH -> "x * logistic(1.5957691f * (x + 0.044715f * x * x * x))";
            case SELU -> "x > 0 ? 1.0507009873554805f * x : 1.7580993408473766f * expm1(x)";
            case SILU -> "x / (1.0f + exp(-x))";
            case MISH -> "mish(x)";
            case HARDSWISH -> "x * fmin(fmax(x + 3.0f, 0.0f), 6.0f) / 6.0f";
            case HARDSIGMOID -> "isnan(x) ? x : fmin(fmax(x + 3.0f, 0.0f), 6.0f) / 6.0f";
            case LOGSIGMOID -> "isnan(x) ? x : fmin(x, 0.0f) - log1p(exp(-fabs(x)))";
            case SOFTSIGN -> "x / (1.0f + fabs(x))";
            case TANHSHRINK -> "tanhshrink(x)";
        };
    }

    /** A function of {@code float x, float first, float second}. */
    static String of(ParametricPointwise.Kind kind) {
        return switch (kind) {
            case CLAMP, HARDTANH -> "isnan(x) ? x : fmin(fmax(x, first), second)";
            case LEAKY_RELU -> "x > 0 ? x : x * first";
            case ELU -> "x > 0 ? x : first * expm1(x)";
            case CELU -> "x > 0 ? x : first * expm1(x / first)";
            case SOFTPLUS -> "x * first > second ? x : softplus(x * first) / first";
            case THRESHOLD -> "x <= first ? second : x";
            case HARDSHRINK -> "x >= -first && x <= first ? 0.0f : x";
            case SOFTSHRINK -> "x > first ? x - first : x < -first ? x + first : isnan(x) ? x : 0.0f";
        };
    }

    /** A function of {@code float a, float b}. */
    static String of(Pointwise2.Kind kind) {
        return switch (kind) {
            case ADD -> "a + b";
            case SUB -> "a - b";
            case MUL -> "a * b";
            case DIV -> "a / b";
            case POW -> "pow(a, b)";
            case MAXIMUM -> "isnan(a) ? a : isnan(b) ? b : fmax(a, b)";
            case MINIMUM -> "isnan(a) ? a : isnan(b) ? b : fmin(a, b)";
            case FMOD -> "fmod(a, b)";
            case REMAINDER -> "modulo(a, b)";
            case FLOOR_DIVIDE -> "b == 0 ? a / b : rint((a - modulo(a, b)) / b)";
            case ATAN2 -> "atan2(a, b)";
            case EQ -> "a == b";
            case NE -> "a != b";
            case LT -> "a < b";
            case LE -> "a <= b";
            case GT -> "a > b";
            case GE -> "a >= b";
            case RELU_GRAD -> "b > 0 ? a : 0.0f";
            case RELU6_GRAD -> "b > 0 && b < 6 ? a : 0.0f";
            case SIGMOID_GRAD -> "a * b * (1.0f - b)";
            case TANH_GRAD -> "a * (1.0f - b * b)";
        };
    }

    /** A function of {@code long a, long b}, or null where integers go another way. */
    static String ofIntegers(Pointwise2.Kind kind) {
        return switch (kind) {
            case ADD, SUB, MUL, EQ, NE, LT, LE, GT, GE -> of(kind);
            case MAXIMUM -> "a > b ? a : b";
            case MINIMUM -> "a < b ? a : b";
            default -> null;
        };
    }
}
