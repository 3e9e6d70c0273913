package org.bitgrid.tensor.op;

import java.util.ArrayList;
import java.util.List;
import org.bitgrid.tensor.TensorSpec;

/**
 * One step of RMSprop (Tieleman and Hinton, 2012), in place. Inputs: parameter p, mean square v, mean a when centered
 * (Graves, 2013), buffer b with momentum, gradient; all of one shape and floating type, all but the gradient are
 * overwritten.
 *
 * <p>g = ±gradient + weightDecay · p; v = alpha · v + (1 - alpha) · g²; a = a + (1 - alpha) · (g - a);
 * d = g / (sqrt(v - a²) + epsilon), with a = 0 when not centered; with momentum b = momentum · b + d and d = b;
 * p = p - learningRate · d.
 *
 * @param learningRate step length
 * @param alpha        decay of the means
 * @param epsilon      added to the denominator
 * @param weightDecay  L2 penalty, added to the gradient
 * @param momentum     0 for none, and then there is no buffer
 * @param centered     whether the denominator uses the variance rather than the mean square
 * @param maximize     whether to climb rather than to descend
 */
public record RmsPropStep(double learningRate, double alpha, double epsilon, double weightDecay, double momentum,
                          boolean centered, boolean maximize) implements NotDifferentiable {
    @Override
    public String name() {
        return "rmsprop_step";
    }

    @Override
    public String reason() {
        return "it overwrites its operands";
    }

    private int states() {
        return 2 + (centered ? 1 : 0) + (momentum == 0 ? 0 : 1);
    }

    @Override
    public List<TensorSpec> infer(List<TensorSpec> inputs) {
        return SgdStep.checkedStep(name(), inputs, states());
    }

    @Override
    public List<Integer> mutates() {
        List<Integer> indices = new ArrayList<>();
        for (int i = 0; i < states(); i++) {
            indices.add(i);
        }
        return indices;
    }

    @Override
    public long flops(List<TensorSpec> inputs) {
        return 12 * inputs.get(0).shape().numel();
    }
}
