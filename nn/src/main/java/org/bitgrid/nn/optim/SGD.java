package org.bitgrid.nn.optim;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bitgrid.nn.Parameter;
import org.bitgrid.tensor.BitgridException;
import org.bitgrid.tensor.Dispatch;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.op.SgdStep;

/** Stochastic gradient descent, with momentum if asked. The formula stands at {@link SgdStep}. */
public final class SGD extends Optimizer {
    /** With learning rate 0.001. */
    public SGD(List<Parameter> parameters) {
        this(parameters, 1e-3);
    }

    public SGD(List<Parameter> parameters, double learningRate) {
        super(parameters, defaults(learningRate));
    }

    private static Map<String, Double> defaults(double learningRate) {
        Map<String, Double> settings = new LinkedHashMap<>();
        settings.put("lr", learningRate);
        settings.put("momentum", 0.0);
        settings.put("dampening", 0.0);
        settings.put("weight_decay", 0.0);
        settings.put("nesterov", 0.0);
        settings.put("maximize", 0.0);
        return settings;
    }

    /** How much of the last direction is kept; 0 by default. Returns this. */
    public SGD momentum(double momentum) {
        setting("momentum", momentum);
        return this;
    }

    /** How much of a new gradient is kept out of the momentum; 0 by default. Returns this. */
    public SGD dampening(double dampening) {
        setting("dampening", dampening);
        return this;
    }

    /** L2 penalty; 0 by default. Returns this. */
    public SGD weightDecay(double weightDecay) {
        setting("weight_decay", weightDecay);
        return this;
    }

    /** Whether to use Nesterov's momentum, which needs momentum and no dampening. Returns this. */
    public SGD nesterov(boolean nesterov) {
        setting("nesterov", nesterov ? 1 : 0);
        return this;
    }

    /** Whether to climb rather than to descend. Returns this. */
    public SGD maximize(boolean maximize) {
        setting("maximize", maximize ? 1 : 0);
        return this;
    }

    @Override
    protected void update(ParameterGroup group, Tensor parameter, Tensor gradient, ParameterState state) {
        double momentum = group.get("momentum");
        boolean nesterov = group.isOn("nesterov");
        if (nesterov && (momentum == 0 || group.get("dampening") != 0)) {
            throw new BitgridException("SGD: Nesterov momentum needs momentum and no dampening; got momentum "
                    + momentum + " and dampening " + group.get("dampening"));
        }
        boolean first = momentum != 0 && !state.has("momentum_buffer");
        SgdStep step = new SgdStep(group.learningRate(), momentum, group.get("dampening"), group.get("weight_decay"),
                nesterov, group.isOn("maximize"), first);
        if (momentum == 0) {
            Dispatch.apply(step, parameter, gradient);
        } else {
            Dispatch.applyAll(step, parameter, state.tensor("momentum_buffer", parameter, 0), gradient);
        }
    }
}
