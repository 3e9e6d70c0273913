package org.bitgrid.tensor.op;

import java.util.List;
import org.bitgrid.tensor.TensorSpec;

/**
 * One step of Adagrad (Duchi, Hazan and Singer, 2011), in place. Inputs (parameter p, sum of squares s, gradient), of
 * one shape and floating type; p and s are overwritten.
 *
 * <p>g = ±gradient + weightDecay · p; s = s + g²; p = p - learningRate · g / (sqrt(s) + epsilon).
 *
 * @param learningRate step length, decayed already
 * @param epsilon      added to the denominator
 * @param weightDecay  L2 penalty, added to the gradient
 * @param maximize     whether to climb rather than to descend
 */
public record AdagradStep(double learningRate, double epsilon, double weightDecay, boolean maximize)
        implements NotDifferentiable {
    @Override
    public String name() {
        return "adagrad_step";
    }

    @Override
    public String reason() {
        return "it overwrites its operands";
    }

    @Override
    public List<TensorSpec> infer(List<TensorSpec> inputs) {
        return SgdStep.checkedStep(name(), inputs, 2);
    }

    @Override
    public List<Integer> mutates() {
        return List.of(0, 1);
    }

    @Override
    public long flops(List<TensorSpec> inputs) {
        return 8 * inputs.get(0).shape().numel();
    }
}
