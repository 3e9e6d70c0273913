package org.bitgrid.tensor.op;

import java.util.List;
import org.bitgrid.tensor.Check;
import org.bitgrid.tensor.TensorSpec;

/**
 * One step of stochastic gradient descent, in place. Inputs (parameter, gradient), or with momentum (parameter,
 * momentum buffer, gradient), all of one shape and floating type; parameter and buffer are overwritten.
 *
 * <p>g = ±gradient + weightDecay · p; buffer = momentum · buffer + (1 - dampening) · g, or g in the first step;
 * d = g + momentum · buffer (Nesterov), or buffer; p = p - learningRate · d (PyTorch's form; Sutskever et al., 2013,
 * with the learning rate outside the buffer).
 *
 * @param learningRate step length
 * @param momentum     0 for none, and then there is no buffer
 * @param dampening    how much of a new gradient is kept out of the buffer
 * @param weightDecay  L2 penalty, added to the gradient
 * @param nesterov     whether to look ahead along the buffer
 * @param maximize     whether to climb rather than to descend
 * @param first        whether the buffer is empty and takes the gradient as it is
 */
public record SgdStep(double learningRate, double momentum, double dampening, double weightDecay, boolean nesterov,
                      boolean maximize, boolean first) implements NotDifferentiable {
    @Override
    public String name() {
        return "sgd_step";
    }

    @Override
    public String reason() {
        return "it overwrites its operands";
    }

    private int states() {
        return momentum == 0 ? 1 : 2;
    }

    @Override
    public List<TensorSpec> infer(List<TensorSpec> inputs) {
        return checkedStep(name(), inputs, states());
    }

    /** All inputs of an optimizer step have the shape and type of the parameter; the first {@code states} come out. */
    static List<TensorSpec> checkedStep(String name, List<TensorSpec> inputs, int states) {
        Check.count(name, inputs, states + 1, states + 1);
        TensorSpec parameter = inputs.get(0);
        Check.floating(name, "parameter", parameter);
        for (int i = 1; i < inputs.size(); i++) {
            String role = i == states ? "gradient" : "state " + i;
            Check.sameType(name, "parameter", parameter, role, inputs.get(i));
            Check.shape(name, role, inputs.get(i), parameter.shape());
        }
        return inputs.subList(0, states);
    }

    @Override
    public List<Integer> mutates() {
        return momentum == 0 ? List.of(0) : List.of(0, 1);
    }

    @Override
    public long flops(List<TensorSpec> inputs) {
        return (momentum == 0 ? 4 : 8) * inputs.get(0).shape().numel();
    }
}
