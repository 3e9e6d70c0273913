package org.bitgrid.nn.optim;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bitgrid.nn.Parameter;
import org.bitgrid.tensor.Dispatch;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.op.RmsPropStep;

/** RMSprop (Tieleman and Hinton, 2012). The formula stands at {@link RmsPropStep}. */
public final class RMSprop extends Optimizer {
    /** With learning rate 0.01. */
    public RMSprop(List<Parameter> parameters) {
        this(parameters, 1e-2);
    }

    public RMSprop(List<Parameter> parameters, double learningRate) {
        super(parameters, defaults(learningRate));
    }

    private static Map<String, Double> defaults(double learningRate) {
        Map<String, Double> settings = new LinkedHashMap<>();
        settings.put("lr", learningRate);
        settings.put("momentum", 0.0);
        settings.put("alpha", 0.99);
        settings.put("eps", 1e-8);
        settings.put("centered", 0.0);
        settings.put("weight_decay", 0.0);
        settings.put("maximize", 0.0);
        return settings;
    }

    /** Decay of the running mean of squared gradients; 0.99 by default. Returns this. */
    public RMSprop alpha(double alpha) {
        setting("alpha", alpha);
        return this;
    }

    /** How much of the last direction is kept; 0 by default. Returns this. */
    public RMSprop momentum(double momentum) {
        setting("momentum", momentum);
        return this;
    }

    /** Added to the denominator; 1e-8 by default. Returns this. */
    public RMSprop epsilon(double epsilon) {
        setting("eps", epsilon);
        return this;
    }

    /** Whether to divide by the deviation of gradients rather than by their root mean square. Returns this. */
    public RMSprop centered(boolean centered) {
        setting("centered", centered ? 1 : 0);
        return this;
    }

    /** L2 penalty; 0 by default. Returns this. */
    public RMSprop weightDecay(double weightDecay) {
        setting("weight_decay", weightDecay);
        return this;
    }

    /** Whether to climb rather than to descend. Returns this. */
    public RMSprop maximize(boolean maximize) {
        setting("maximize", maximize ? 1 : 0);
        return this;
    }

    @Override
    protected void update(ParameterGroup group, Tensor parameter, Tensor gradient, ParameterState state) {
        state.nextStep();
        double momentum = group.get("momentum");
        boolean centered = group.isOn("centered");
        List<Tensor> inputs = new ArrayList<>();
        inputs.add(parameter);
        inputs.add(state.tensor("square_avg", parameter, 0));
        if (centered) {
            inputs.add(state.tensor("grad_avg", parameter, 0));
        }
        if (momentum != 0) {
            inputs.add(state.tensor("momentum_buffer", parameter, 0));
        }
        inputs.add(gradient);
        Dispatch.applyAll(new RmsPropStep(group.learningRate(), group.get("alpha"), group.get("eps"),
                group.get("weight_decay"), momentum, centered, group.isOn("maximize")),
                inputs.toArray(Tensor[]::new));
    }
}
