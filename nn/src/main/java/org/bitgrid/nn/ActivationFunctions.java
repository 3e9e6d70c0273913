package org.bitgrid.nn;

import org.bitgrid.tensor.Dispatch;
import org.bitgrid.tensor.Rng;
import org.bitgrid.tensor.ShapeException;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.op.Glu;
import org.bitgrid.tensor.op.LogSoftmax;
import org.bitgrid.tensor.op.PRelu;
import org.bitgrid.tensor.op.ParametricPointwise;
import org.bitgrid.tensor.op.Pointwise1;
import org.bitgrid.tensor.op.RRelu;
import org.bitgrid.tensor.op.Softmax;

/** The part of {@link F} that is functions put between layers. */
abstract class ActivationFunctions {
    ActivationFunctions() {
    }

    private static Tensor unary(Pointwise1.Kind kind, Tensor x) {
        return Dispatch.function(new Pointwise1(kind), x);
    }

    private static Tensor unary(ParametricPointwise.Kind kind, Tensor x, double first, double second) {
        return ParametricPointwise.function(kind, x, first, second);
    }

    /** max(x, 0). */
    public static Tensor relu(Tensor x) {
        return unary(Pointwise1.Kind.RELU, x);
    }

    /** min(max(x, 0), 6). */
    public static Tensor relu6(Tensor x) {
        return unary(Pointwise1.Kind.RELU6, x);
    }

    /** x · Φ(x), Φ the normal distribution function. */
    public static Tensor gelu(Tensor x) {
        return unary(Pointwise1.Kind.GELU, x);
    }

    /**
     * x · Φ(x), Φ the normal distribution function.
     *
     * @param approximate {@code none}, or {@code tanh} for the quicker approximation
     */
    public static Tensor gelu(Tensor x, String approximate) {
        return unary(switch (approximate) {
            case "none" -> Pointwise1.Kind.GELU;
            case "tanh" -> Pointwise1.Kind.GELU_TANH;
            default -> throw new ShapeException("gelu", "approximate must be none or tanh; got " + approximate);
        }, x);
    }

    /** 1 / (1 + exp(-x)). */
    public static Tensor sigmoid(Tensor x) {
        return unary(Pointwise1.Kind.SIGMOID, x);
    }

    public static Tensor tanh(Tensor x) {
        return unary(Pointwise1.Kind.TANH, x);
    }

    /** The self-normalising exponential linear unit (Klambauer et al., 2017). */
    public static Tensor selu(Tensor x) {
        return unary(Pointwise1.Kind.SELU, x);
    }

    /** x · sigmoid(x), also called swish. */
    public static Tensor silu(Tensor x) {
        return unary(Pointwise1.Kind.SILU, x);
    }

    /** x · tanh(log(1 + exp(x))). */
    public static Tensor mish(Tensor x) {
        return unary(Pointwise1.Kind.MISH, x);
    }

    /** x · relu6(x + 3) / 6. */
    public static Tensor hardswish(Tensor x) {
        return unary(Pointwise1.Kind.HARDSWISH, x);
    }

    /** relu6(x + 3) / 6. */
    public static Tensor hardsigmoid(Tensor x) {
        return unary(Pointwise1.Kind.HARDSIGMOID, x);
    }

    /** log(sigmoid(x)). */
    public static Tensor logSigmoid(Tensor x) {
        return unary(Pointwise1.Kind.LOGSIGMOID, x);
    }

    /** x / (1 + |x|). */
    public static Tensor softsign(Tensor x) {
        return unary(Pointwise1.Kind.SOFTSIGN, x);
    }

    /** x - tanh(x). */
    public static Tensor tanhshrink(Tensor x) {
        return unary(Pointwise1.Kind.TANHSHRINK, x);
    }

    /** x where positive, else slope · x. */
    public static Tensor leakyRelu(Tensor x, double negativeSlope) {
        return unary(ParametricPointwise.Kind.LEAKY_RELU, x, negativeSlope, 0);
    }

    /** x where positive, else alpha · (exp(x) - 1). */
    public static Tensor elu(Tensor x, double alpha) {
        return unary(ParametricPointwise.Kind.ELU, x, alpha, 0);
    }

    /** x where positive, else alpha · (exp(x / alpha) - 1). */
    public static Tensor celu(Tensor x, double alpha) {
        return unary(ParametricPointwise.Kind.CELU, x, alpha, 0);
    }

    /** min(max(x, least), most). */
    public static Tensor hardtanh(Tensor x, double least, double most) {
        return unary(ParametricPointwise.Kind.HARDTANH, x, least, most);
    }

    /** log(1 + exp(beta · x)) / beta; x itself where beta · x is above the threshold. */
    public static Tensor softplus(Tensor x, double beta, double threshold) {
        return unary(ParametricPointwise.Kind.SOFTPLUS, x, beta, threshold);
    }

    /** x where above the threshold, else {@code value}. */
    public static Tensor threshold(Tensor x, double threshold, double value) {
        return unary(ParametricPointwise.Kind.THRESHOLD, x, threshold, value);
    }

    /** x where |x| is above lambda, else 0. */
    public static Tensor hardshrink(Tensor x, double lambda) {
        return unary(ParametricPointwise.Kind.HARDSHRINK, x, lambda, 0);
    }

    /** x moved towards 0 by lambda, no farther than 0. */
    public static Tensor softshrink(Tensor x, double lambda) {
        return unary(ParametricPointwise.Kind.SOFTSHRINK, x, lambda, 0);
    }

    /** x where positive, else times the slope of its channel; weight (C) or (1). */
    public static Tensor prelu(Tensor x, Tensor weight) {
        return Dispatch.function(new PRelu(), x, weight);
    }

    /** x where positive, else times a slope drawn anew for each element; in evaluation the mean of both ends. */
    public static Tensor rrelu(Tensor x, double lower, double upper, boolean training) {
        return training && !x.device().isMeta() ? RRelu.apply(x, lower, upper, Rng.current())
                : leakyRelu(x, (lower + upper) / 2);
    }

    /** First half along a dimension times sigmoid of the second. */
    public static Tensor glu(Tensor x, int dim) {
        return Dispatch.function(new Glu(dim), x);
    }

    /** exp(x) over its sum along a dimension. */
    public static Tensor softmax(Tensor x, int dim) {
        return Dispatch.function(new Softmax(dim), x);
    }

    /** {@link #softmax} of -x. */
    public static Tensor softmin(Tensor x, int dim) {
        return softmax(x.neg(), dim);
    }

    /** The logarithm of {@link #softmax}, without its loss of precision. */
    public static Tensor logSoftmax(Tensor x, int dim) {
        return Dispatch.function(new LogSoftmax(dim), x);
    }
}
