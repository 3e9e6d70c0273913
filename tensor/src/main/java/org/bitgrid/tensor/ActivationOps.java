package org.bitgrid.tensor;

import org.bitgrid.tensor.op.Glu;
import org.bitgrid.tensor.op.PRelu;
import org.bitgrid.tensor.op.ParametricPointwise;
import org.bitgrid.tensor.op.Pointwise1;

/** Methods of {@link Tensor} that neural networks put between their layers. */
interface ActivationOps {
    private Tensor self() {
        return (Tensor) this;
    }

    private Tensor unary(Pointwise1.Kind kind) {
        return Dispatch.apply(new Pointwise1(kind), self());
    }

    private Tensor with(ParametricPointwise.Kind kind, double first, double second) {
        return ParametricPointwise.apply(kind, self(), first, second);
    }

    /** 1 / (1 + exp(-this)). */
    default Tensor sigmoid() {
        return unary(Pointwise1.Kind.SIGMOID);
    }

    default Tensor tanh() {
        return unary(Pointwise1.Kind.TANH);
    }

    /** max(this, 0). */
    default Tensor relu() {
        return unary(Pointwise1.Kind.RELU);
    }

    /** min(max(this, 0), 6). */
    default Tensor relu6() {
        return unary(Pointwise1.Kind.RELU6);
    }

    /** this · Φ(this). */
    default Tensor gelu() {
        return unary(Pointwise1.Kind.GELU);
    }

    /** {@link #gelu} by its tanh approximation. */
    default Tensor geluTanh() {
        return unary(Pointwise1.Kind.GELU_TANH);
    }

    /** The self-normalising exponential linear unit. */
    default Tensor selu() {
        return unary(Pointwise1.Kind.SELU);
    }

    /** this · sigmoid(this). */
    default Tensor silu() {
        return unary(Pointwise1.Kind.SILU);
    }

    /** this · tanh(softplus(this)). */
    default Tensor mish() {
        return unary(Pointwise1.Kind.MISH);
    }

    /** this · relu6(this + 3) / 6. */
    default Tensor hardswish() {
        return unary(Pointwise1.Kind.HARDSWISH);
    }

    /** relu6(this + 3) / 6. */
    default Tensor hardsigmoid() {
        return unary(Pointwise1.Kind.HARDSIGMOID);
    }

    /** log(sigmoid(this)). */
    default Tensor logSigmoid() {
        return unary(Pointwise1.Kind.LOGSIGMOID);
    }

    /** this / (1 + |this|). */
    default Tensor softsign() {
        return unary(Pointwise1.Kind.SOFTSIGN);
    }

    /** this - tanh(this). */
    default Tensor tanhshrink() {
        return unary(Pointwise1.Kind.TANHSHRINK);
    }

    /** this where positive, else slope · this. */
    default Tensor leakyRelu(double slope) {
        return with(ParametricPointwise.Kind.LEAKY_RELU, slope, 0);
    }

    /** this where positive, else alpha · (exp(this) - 1). */
    default Tensor elu(double alpha) {
        return with(ParametricPointwise.Kind.ELU, alpha, 0);
    }

    /** this where positive, else alpha · (exp(this / alpha) - 1). */
    default Tensor celu(double alpha) {
        return with(ParametricPointwise.Kind.CELU, alpha, 0);
    }

    /** min(max(this, least), most), gradient 0 at both. */
    default Tensor hardtanh(double least, double most) {
        return with(ParametricPointwise.Kind.HARDTANH, least, most);
    }

    /** log(1 + exp(this)). */
    default Tensor softplus() {
        return softplus(1, 20);
    }

    /** log(1 + exp(beta · this)) / beta; this itself where beta · this is above the threshold. */
    default Tensor softplus(double beta, double threshold) {
        return with(ParametricPointwise.Kind.SOFTPLUS, beta, threshold);
    }

    /** this where above the threshold, else {@code value}. */
    default Tensor threshold(double threshold, double value) {
        return with(ParametricPointwise.Kind.THRESHOLD, threshold, value);
    }

    /** this where |this| is above lambda, else 0. */
    default Tensor hardshrink(double lambda) {
        return with(ParametricPointwise.Kind.HARDSHRINK, lambda, 0);
    }

    /** this moved towards 0 by lambda, no farther than 0. */
    default Tensor softshrink(double lambda) {
        return with(ParametricPointwise.Kind.SOFTSHRINK, lambda, 0);
    }

    /** this where positive, else times the slope of its channel; weight (C) or (1). */
    default Tensor prelu(Tensor weight) {
        return Dispatch.apply(new PRelu(), self(), weight);
    }

    /** First half along a dimension times sigmoid of the second. */
    default Tensor glu(int axis) {
        return Dispatch.apply(new Glu(axis), self());
    }
}
