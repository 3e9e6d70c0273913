package org.bitgrid.nn.optim;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bitgrid.nn.Parameter;
import org.bitgrid.tensor.Dispatch;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.op.MomentStep;

/**
 * Adam whose steps are shortened while the mean square is uncertain, and do without it at first (Liu et al., 2020).
 * With r = 2 / (1 - beta2) - 1 and r(t) = r - 2 · t · beta2^t / (1 - beta2^t), the shortening is the root of
 * (r(t) - 4) · (r(t) - 2) · r / ((r - 4) · (r - 2) · r(t)), once r(t) exceeds 5.
 */
public final class RAdam extends Optimizer {
    /** With learning rate 0.001. */
    public RAdam(List<Parameter> parameters) {
        this(parameters, 1e-3);
    }

    public RAdam(List<Parameter> parameters, double learningRate) {
        super(parameters, defaults(learningRate));
    }

    private static Map<String, Double> defaults(double learningRate) {
        Map<String, Double> settings = new LinkedHashMap<>();
        settings.put("lr", learningRate);
        settings.put("beta1", 0.9);
        settings.put("beta2", 0.999);
        settings.put("eps", 1e-8);
        settings.put("weight_decay", 0.0);
        settings.put("decoupled_weight_decay", 0.0);
        settings.put("maximize", 0.0);
        return settings;
    }

    /** Decay of the running means of gradient and squared gradient; 0.9 and 0.999 by default. Returns this. */
    public RAdam betas(double beta1, double beta2) {
        setting("beta1", beta1);
        setting("beta2", beta2);
        return this;
    }

    /** Added to the denominator; 1e-8 by default. Returns this. */
    public RAdam epsilon(double epsilon) {
        setting("eps", epsilon);
        return this;
    }

    /** Penalty on large weights, added to the gradient unless decoupled; 0 by default. Returns this. */
    public RAdam weightDecay(double weightDecay) {
        setting("weight_decay", weightDecay);
        return this;
    }

    /** Whether the penalty shrinks weights directly, as AdamW does. Returns this. */
    public RAdam decoupledWeightDecay(boolean decoupled) {
        setting("decoupled_weight_decay", decoupled ? 1 : 0);
        return this;
    }

    /** Whether to climb rather than to descend. Returns this. */
    public RAdam maximize(boolean maximize) {
        setting("maximize", maximize ? 1 : 0);
        return this;
    }

    @Override
    protected void update(ParameterGroup group, Tensor parameter, Tensor gradient, ParameterState state) {
        long step = state.nextStep();
        double rate = group.learningRate();
        double decay = group.get("weight_decay");
        boolean decoupled = group.isOn("decoupled_weight_decay");
        double beta2 = group.get("beta2");
        double power = StrictMath.pow(beta2, step);
        double correction = 1 - power;
        double limit = 2 / (1 - beta2) - 1;
        double length = limit - 2 * step * power / correction;
        boolean certain = length > 5;
        double shortening = certain
                ? Math.sqrt((length - 4) * (length - 2) * limit / ((limit - 4) * (limit - 2) * length)) : 1;
        // PyTorch adds epsilon to the root before the correction, MomentStep after it.
        double epsilon = group.get("eps") / Math.sqrt(correction);
        MomentStep op = new MomentStep(group.get("beta1"), beta2, epsilon, decoupled ? 1 - rate * decay : 1,
                decoupled ? 0 : decay, 0, rate * shortening / (1 - StrictMath.pow(group.get("beta1"), step)),
                certain ? correction : 0, group.isOn("maximize"));
        Dispatch.applyAll(op, parameter, state.tensor("exp_avg", parameter, 0),
                state.tensor("exp_avg_sq", parameter, 0), gradient);
    }
}
