package org.bitgrid.tensor.op;

import java.util.List;
import org.bitgrid.tensor.TensorSpec;

/**
 * One step, in place, of the optimizers that keep a running mean and mean square as Adam does and differ only in three
 * numbers for each step, such as NAdam and RAdam. Inputs (parameter p, mean m, mean square v, gradient), of one shape
 * and floating type; all but the gradient are overwritten.
 *
 * <p>p = shrinkage · p; g = ±gradient + penalty · p; m = m + (1 - beta1) · (g - m); v = beta2 · v + (1 - beta2) · g²;
 * p = p - (gradientRate · g + meanRate · m) / (sqrt(v / correction) + epsilon), or without the denominator when
 * {@code correction} is 0.
 *
 * @param beta1        decay of the mean
 * @param beta2        decay of the mean square
 * @param epsilon      added to the denominator
 * @param shrinkage    what the parameter is multiplied by first
 * @param penalty      how much of the parameter is added to the gradient
 * @param gradientRate step length along the gradient
 * @param meanRate     step length along the mean
 * @param correction   of the mean square for having started at 0; 0 for no denominator
 * @param maximize     whether to climb rather than to descend
 */
public record MomentStep(double beta1, double beta2, double epsilon, double shrinkage, double penalty,
                         double gradientRate, double meanRate, double correction, boolean maximize)
        implements NotDifferentiable {
    @Override
    public String name() {
        return "moment_step";
    }

    @Override
    public String reason() {
        return "it overwrites its operands";
    }

    @Override
    public List<TensorSpec> infer(List<TensorSpec> inputs) {
        return SgdStep.checkedStep(name(), inputs, 3);
    }

    @Override
    public List<Integer> mutates() {
        return List.of(0, 1, 2);
    }

    @Override
    public long flops(List<TensorSpec> inputs) {
        return 16 * inputs.get(0).shape().numel();
    }
}
