package org.bitgrid.tensor.op;

import java.util.List;
import org.bitgrid.tensor.TensorSpec;

/**
 * One step of Adam (Kingma and Ba, 2015) or AdamW (Loshchilov and Hutter, 2019), in place. Inputs (parameter p, mean
 * m, mean square v, gradient), or with AMSGrad (Reddi et al., 2018) (p, m, v, largest v, gradient), all of one shape
 * and floating type; all but the gradient are overwritten.
 *
 * <p>g = ±gradient + weightDecay · p, or p = (1 - learningRate · weightDecay) · p when decoupled;
 * m = m + (1 - beta1) · (g - m); v = beta2 · v + (1 - beta2) · g²;
 * p = p - learningRate / (1 - beta1^step) · m / (sqrt(v) / sqrt(1 - beta2^step) + epsilon).
 *
 * @param learningRate step length
 * @param beta1        decay of the mean
 * @param beta2        decay of the mean square
 * @param epsilon      added to the denominator
 * @param weightDecay  penalty on large weights
 * @param decoupled    whether the penalty shrinks weights directly (AdamW) rather than through the gradient
 * @param amsgrad      whether the denominator uses the largest v so far
 * @param maximize     whether to climb rather than to descend
 * @param step         number of this step, from 1
 */
public record AdamStep(double learningRate, double beta1, double beta2, double epsilon, double weightDecay,
                       boolean decoupled, boolean amsgrad, boolean maximize, long step) implements NotDifferentiable {
    @Override
    public String name() {
        return "adam_step";
    }

    @Override
    public String reason() {
        return "it overwrites its operands";
    }

    /** learningRate / (1 - beta1^step). */
    public double stepSize() {
        return learningRate / (1 - StrictMath.pow(beta1, step));
    }

    /** sqrt(1 - beta2^step). */
    public double secondMomentCorrection() {
        return Math.sqrt(1 - StrictMath.pow(beta2, step));
    }

    /** What the parameter is multiplied by before the step. */
    public double shrinkage() {
        return decoupled ? 1 - learningRate * weightDecay : 1;
    }

    /** How much of the parameter is added to the gradient. */
    public double penalty() {
        return decoupled ? 0 : weightDecay;
    }

    @Override
    public List<TensorSpec> infer(List<TensorSpec> inputs) {
        return SgdStep.checkedStep(name(), inputs, amsgrad ? 4 : 3);
    }

    @Override
    public List<Integer> mutates() {
        return amsgrad ? List.of(0, 1, 2, 3) : List.of(0, 1, 2);
    }

    @Override
    public long flops(List<TensorSpec> inputs) {
        return 14 * inputs.get(0).shape().numel();
    }
}
