package org.bitgrid.tensor.op;

import org.bitgrid.tensor.Tensor;

/** Gradient rules of activations that take more than a line. */
final class ActivationGradients {
    /** The constants that keep mean 0 and variance 1 (Klambauer et al., 2017). */
    static final double SELU_SCALE = 1.0507009873554804934193349852946;
    static final double SELU_ALPHA = 1.6732632423543772848170429916717;

    private ActivationGradients() {
    }

    /** Φ(x) + x · φ(x). */
    static Tensor gelu(VjpContext c) {
        Tensor x = c.input(0);
        Tensor distribution = x.mul(Math.sqrt(0.5)).erf().add(1.0).mul(0.5);
        Tensor density = x.square().mul(-0.5).exp().mul(1 / Math.sqrt(2 * Math.PI));
        return c.gradOutput().mul(distribution.add(x.mul(density)));
    }

    static Tensor geluTanh(VjpContext c) {
        Tensor x = c.input(0);
        double slope = Math.sqrt(2 / Math.PI);
        Tensor square = x.square();
        Tensor tanh = x.mul(square.mul(0.044715).add(1.0)).mul(slope).tanh();
        Tensor inner = square.mul(3 * 0.044715).add(1.0).mul(slope);
        Tensor outer = tanh.square().neg().add(1.0).mul(x).mul(inner);
        return c.gradOutput().mul(tanh.add(1.0).add(outer).mul(0.5));
    }

    /** scale where y &gt; 0, else scale · alpha · exp(x) = y + scale · alpha. */
    static Tensor selu(VjpContext c) {
        Tensor grad = c.gradOutput();
        Tensor y = c.output(0);
        return Where.apply(y.gt(0.0), grad.mul(SELU_SCALE), grad.mul(y.add(SELU_SCALE * SELU_ALPHA)));
    }

    /** s · (1 + x · (1 - s)), s = sigmoid(x). */
    static Tensor silu(VjpContext c) {
        Tensor x = c.input(0);
        Tensor sigmoid = x.sigmoid();
        return c.gradOutput().mul(sigmoid.mul(x.mul(sigmoid.neg().add(1.0)).add(1.0)));
    }

    /** t + x · sigmoid(x) · (1 - t²), t = tanh(softplus(x)). */
    static Tensor mish(VjpContext c) {
        Tensor x = c.input(0);
        Tensor tanh = x.softplus().tanh();
        return c.gradOutput().mul(tanh.add(x.mul(x.sigmoid()).mul(tanh.square().neg().add(1.0))));
    }

    /** 0 up to -3, x / 3 + 1/2 up to 3, then 1. */
    static Tensor hardswish(VjpContext c) {
        Tensor x = c.input(0);
        Tensor grad = c.gradOutput();
        Tensor between = grad.mul(x.div(3.0).add(0.5));
        return Where.apply(x.le(-3.0), Where.zero(grad), Where.apply(x.lt(3.0), between, grad));
    }

    /** 1/6 between -3 and 3, else 0; 1/6 is rounded to float32 in every precision, as PyTorch does it. */
    static Tensor hardsigmoid(VjpContext c) {
        Tensor x = c.input(0);
        double sixth = 1f / 6;
        return Where.apply(x.abs().lt(3.0), c.gradOutput().mul(sixth), Where.zero(c.gradOutput()));
    }
}
