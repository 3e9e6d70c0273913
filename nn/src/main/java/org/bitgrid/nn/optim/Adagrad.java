package org.bitgrid.nn.optim;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bitgrid.nn.Parameter;
import org.bitgrid.tensor.Dispatch;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.op.AdagradStep;

/** Adagrad (Duchi, Hazan and Singer, 2011). The formula stands at {@link AdagradStep}. */
public final class Adagrad extends Optimizer {
    /** With learning rate 0.01. */
    public Adagrad(List<Parameter> parameters) {
        this(parameters, 1e-2);
    }

    public Adagrad(List<Parameter> parameters, double learningRate) {
        super(parameters, defaults(learningRate));
    }

    private static Map<String, Double> defaults(double learningRate) {
        Map<String, Double> settings = new LinkedHashMap<>();
        settings.put("lr", learningRate);
        settings.put("lr_decay", 0.0);
        settings.put("eps", 1e-10);
        settings.put("weight_decay", 0.0);
        settings.put("initial_accumulator_value", 0.0);
        settings.put("maximize", 0.0);
        return settings;
    }

    /** In step t the learning rate is divided by 1 + (t - 1) · decay; 0 by default. Returns this. */
    public Adagrad learningRateDecay(double decay) {
        setting("lr_decay", decay);
        return this;
    }

    /** Added to the denominator; 1e-10 by default. Returns this. */
    public Adagrad epsilon(double epsilon) {
        setting("eps", epsilon);
        return this;
    }

    /** L2 penalty; 0 by default. Returns this. */
    public Adagrad weightDecay(double weightDecay) {
        setting("weight_decay", weightDecay);
        return this;
    }

    /** Where sums of squares start; 0 by default. Returns this. */
    public Adagrad initialAccumulatorValue(double value) {
        setting("initial_accumulator_value", value);
        return this;
    }

    /** Whether to climb rather than to descend. Returns this. */
    public Adagrad maximize(boolean maximize) {
        setting("maximize", maximize ? 1 : 0);
        return this;
    }

    @Override
    protected void update(ParameterGroup group, Tensor parameter, Tensor gradient, ParameterState state) {
        double rate = group.learningRate() / (1 + (state.nextStep() - 1) * group.get("lr_decay"));
        Tensor sum = state.tensor("sum", parameter, group.get("initial_accumulator_value"));
        Dispatch.applyAll(new AdagradStep(rate, group.get("eps"), group.get("weight_decay"),
                group.isOn("maximize")), parameter, sum, gradient);
    }
}
