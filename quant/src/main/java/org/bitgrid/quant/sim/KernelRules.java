package org.bitgrid.quant.sim;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.bitgrid.quant.config.KernelType;
import org.bitgrid.quant.config.OpRule;
import org.bitgrid.quant.config.QuantSimConfig;
import org.bitgrid.quant.config.SupportedKernel;
import org.bitgrid.quant.sim.LayerStates.Layer;
import org.bitgrid.tensor.StateException;

/**
 * Compares number formats with the kernels that the target has: warns of combinations it lacks or, when asked to,
 * replaces them by its first one.
 */
final class KernelRules {
    private final LayerStates states;
    private final QuantSimConfig config;
    private final PlacementTypes types;
    private final List<String> warnings;

    KernelRules(LayerStates states, QuantSimConfig config, PlacementTypes types, List<String> warnings) {
        this.states = states;
        this.config = config;
        this.types = types;
        this.warnings = warnings;
    }

    void apply() {
        for (Layer layer : states.all()) {
            List<SupportedKernel> kernels = kernels(layer);
            if (kernels.isEmpty()) {
                continue;
            }
            if (types.enforceKernels()) {
                enforce(layer, kernels);
            }
            check(layer, kernels);
        }
    }

    private List<SupportedKernel> kernels(Layer layer) {
        for (String type : layer.types()) {
            OpRule rule = config.opTypes().get(type);
            if (rule != null && !rule.supportedKernels().isEmpty()) {
                return rule.supportedKernels();
            }
        }
        return config.defaults().supportedKernels();
    }

    private void enforce(Layer layer, List<SupportedKernel> kernels) {
        KernelType activation = new KernelType(types.outputBitwidth(), types.isFloat());
        KernelType param = new KernelType(types.paramBitwidth(), types.isFloat());
        if (kernels.stream().anyMatch(kernel -> fits(kernel, activation, layer.params().isEmpty() ? null : param))) {
            return;
        }
        SupportedKernel first = kernels.get(0);
        boolean lower = first.activation().bitwidth() < activation.bitwidth()
                || first.param() != null && first.param().bitwidth() < param.bitwidth();
        if (lower) {
            throw new StateException("quantsim config: a supported kernel must not lower the precision that was asked "
                    + "for; got " + first + " for " + layer.path() + " instead of activation " + activation + ", param "
                    + param + "; do ask for fewer bits, or list a kernel with more first in " + config.source());
        }
        String because = "supported_kernels";
        layer.inputsAndOutputs().forEach(state -> state.setType(first.activation().bitwidth(),
                first.activation().isFloat(), because));
        if (first.param() != null) {
            layer.params().values().forEach(state -> state.setType(first.param().bitwidth(), first.param().isFloat(),
                    because));
        }
    }

    private static boolean fits(SupportedKernel kernel, KernelType activation, KernelType param) {
        return kernel.activation().equals(activation)
                && (param == null || kernel.param() == null || kernel.param().equals(param));
    }

    private void check(Layer layer, List<SupportedKernel> kernels) {
        Set<KernelType> activations = new LinkedHashSet<>();
        layer.inputsAndOutputs().stream().filter(SlotState::quantized).forEach(state ->
                activations.add(new KernelType(state.bitwidth(), state.isFloat())));
        SlotState weight = layer.params().get("weight");
        KernelType param = weight == null || !weight.quantized() ? null
                : new KernelType(weight.bitwidth(), weight.isFloat());
        List<String> missing = new ArrayList<>();
        for (KernelType activation : activations) {
            if (kernels.stream().noneMatch(kernel -> fits(kernel, activation, param))) {
                missing.add(new SupportedKernel(activation, param).toString());
            }
        }
        if (!missing.isEmpty()) {
            warnings.add(layer.path() + ": the target has no kernel for " + String.join(" and for ", missing)
                    + "; it has " + kernels);
        }
    }
}
