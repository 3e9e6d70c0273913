package org.bitgrid.nn.optim;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bitgrid.nn.Parameter;
import org.bitgrid.tensor.Dispatch;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.op.AdamStep;

/** What Adam and AdamW have in common: all but how weights decay. */
abstract class AdamBase extends Optimizer {
    private final boolean decoupled;

    AdamBase(List<Parameter> parameters, double learningRate, double weightDecay, boolean decoupled) {
        super(parameters, defaults(learningRate, weightDecay));
        this.decoupled = decoupled;
    }

    private static Map<String, Double> defaults(double learningRate, double weightDecay) {
        Map<String, Double> settings = new LinkedHashMap<>();
        settings.put("lr", learningRate);
        settings.put("beta1", 0.9);
        settings.put("beta2", 0.999);
        settings.put("eps", 1e-8);
        settings.put("weight_decay", weightDecay);
        settings.put("amsgrad", 0.0);
        settings.put("maximize", 0.0);
        return settings;
    }

    @Override
    protected final void update(ParameterGroup group, Tensor parameter, Tensor gradient, ParameterState state) {
        boolean amsgrad = group.isOn("amsgrad");
        Tensor mean = state.tensor("exp_avg", parameter, 0);
        Tensor meanSquare = state.tensor("exp_avg_sq", parameter, 0);
        AdamStep step = new AdamStep(group.learningRate(), group.get("beta1"), group.get("beta2"), group.get("eps"),
                group.get("weight_decay"), decoupled, amsgrad, group.isOn("maximize"), state.nextStep());
        if (amsgrad) {
            Tensor largest = state.tensor("max_exp_avg_sq", parameter, 0);
            Dispatch.applyAll(step, parameter, mean, meanSquare, largest, gradient);
        } else {
            Dispatch.applyAll(step, parameter, mean, meanSquare, gradient);
        }
    }
}
