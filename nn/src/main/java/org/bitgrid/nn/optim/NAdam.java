package org.bitgrid.nn.optim;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bitgrid.nn.Parameter;
import org.bitgrid.tensor.Dispatch;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.op.MomentStep;

/**
 * Adam with Nesterov's momentum (Dozat, 2016). With mu(t) = beta1 · (1 - 0.96^(t · momentumDecay) / 2) and P(t) the
 * product of mu(1) to mu(t), a step goes lr · (1 - mu(t)) / (1 - P(t)) along the gradient and lr · mu(t + 1) / (1 -
 * P(t + 1)) along the mean, over the root mean square.
 */
public final class NAdam extends Optimizer {
    /** With learning rate 0.002. */
    public NAdam(List<Parameter> parameters) {
        this(parameters, 2e-3);
    }

    public NAdam(List<Parameter> parameters, double learningRate) {
        super(parameters, defaults(learningRate));
    }

    private static Map<String, Double> defaults(double learningRate) {
        Map<String, Double> settings = new LinkedHashMap<>();
        settings.put("lr", learningRate);
        settings.put("beta1", 0.9);
        settings.put("beta2", 0.999);
        settings.put("eps", 1e-8);
        settings.put("weight_decay", 0.0);
        settings.put("momentum_decay", 4e-3);
        settings.put("decoupled_weight_decay", 0.0);
        settings.put("maximize", 0.0);
        return settings;
    }

    /** Decay of the running means of gradient and squared gradient; 0.9 and 0.999 by default. Returns this. */
    public NAdam betas(double beta1, double beta2) {
        setting("beta1", beta1);
        setting("beta2", beta2);
        return this;
    }

    /** Added to the denominator; 1e-8 by default. Returns this. */
    public NAdam epsilon(double epsilon) {
        setting("eps", epsilon);
        return this;
    }

    /** Penalty on large weights, added to the gradient unless decoupled; 0 by default. Returns this. */
    public NAdam weightDecay(double weightDecay) {
        setting("weight_decay", weightDecay);
        return this;
    }

    /** Whether the penalty shrinks weights directly, as AdamW does. Returns this. */
    public NAdam decoupledWeightDecay(boolean decoupled) {
        setting("decoupled_weight_decay", decoupled ? 1 : 0);
        return this;
    }

    /** Whether to climb rather than to descend. Returns this. */
    public NAdam maximize(boolean maximize) {
        setting("maximize", maximize ? 1 : 0);
        return this;
    }

    /** How fast momentum warms up; 0.004 by default. Returns this. */
    public NAdam momentumDecay(double decay) {
        setting("momentum_decay", decay);
        return this;
    }

    @Override
    protected void update(ParameterGroup group, Tensor parameter, Tensor gradient, ParameterState state) {
        long step = state.nextStep();
        double rate = group.learningRate();
        double decay = group.get("weight_decay");
        boolean decoupled = group.isOn("decoupled_weight_decay");
        double now = momentum(group, step);
        double next = momentum(group, step + 1);
        double product = state.number("mu_product", 1) * now;
        state.setNumber("mu_product", product);
        MomentStep op = new MomentStep(group.get("beta1"), group.get("beta2"), group.get("eps"),
                decoupled ? 1 - rate * decay : 1, decoupled ? 0 : decay, rate * (1 - now) / (1 - product),
                rate * next / (1 - product * next), 1 - StrictMath.pow(group.get("beta2"), step),
                group.isOn("maximize"));
        Dispatch.applyAll(op, parameter, state.tensor("exp_avg", parameter, 0),
                state.tensor("exp_avg_sq", parameter, 0), gradient);
    }

    private static double momentum(ParameterGroup group, long step) {
        return group.get("beta1") * (1 - 0.5 * StrictMath.pow(0.96, step * group.get("momentum_decay")));
    }
}
