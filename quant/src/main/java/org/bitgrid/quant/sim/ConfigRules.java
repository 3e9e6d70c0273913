package org.bitgrid.quant.sim;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bitgrid.quant.config.DefaultRules;
import org.bitgrid.quant.config.EncodingConstraints;
import org.bitgrid.quant.config.OpRule;
import org.bitgrid.quant.config.ParamRule;
import org.bitgrid.quant.config.QuantSimConfig;
import org.bitgrid.quant.config.SupportedKernel;
import org.bitgrid.quant.layers.QuantizedModules;
import org.bitgrid.quant.sim.LayerStates.Layer;
import org.bitgrid.quant.sim.OperatorGraph.Operator;
import org.bitgrid.tensor.StateException;

/** The sections of a configuration but for its supergroups. */
final class ConfigRules {
    private final OperatorGraph graph;
    private final LayerStates states;
    private final QuantSimConfig config;
    /** What the section that is being applied has said of a slot already, by slot and setting. */
    private final Map<String, Boolean> said = new HashMap<>();

    ConfigRules(OperatorGraph graph, LayerStates states, QuantSimConfig config) {
        this.graph = graph;
        this.states = states;
        this.config = config;
    }

    void applyDefaults() {
        said.clear();
        DefaultRules defaults = config.defaults();
        for (Layer layer : states.all()) {
            boolean moves = graph.calls().getOrDefault(layer.path(), List.of()).stream()
                    .anyMatch(Operator::isGridPreserving);
            if (Boolean.TRUE.equals(defaults.outputQuantized())) {
                for (SlotState output : layer.outputs()) {
                    output.setQuantized(!moves, moves ? "only moves data, which stays on the grid of the input"
                            : "defaults.ops.is_output_quantized");
                }
            }
            if (Boolean.TRUE.equals(defaults.opsSymmetric())) {
                neighbours(layer).forEach(state -> symmetric(state, true, "defaults.ops.is_symmetric"));
            }
            layer.params().values().forEach(param -> apply(param, defaults.params(), "defaults.params"));
        }
        if (Boolean.TRUE.equals(defaults.outputQuantized())) {
            graph.operators().stream().filter(Operator::isElementwiseFunction).forEach(function ->
                    consumerInputs(function).forEach(input ->
                            input.setQuantized(true, "defaults.ops.is_output_quantized of the function " + function)));
        }
    }

    void applyParams() {
        for (Layer layer : states.all()) {
            layer.params().forEach((name, state) -> {
                ParamRule rule = config.params().get(name);
                if (rule != null) {
                    apply(state, rule, "params." + name);
                }
            });
        }
    }

    void applyOpTypes() {
        said.clear();
        for (Layer layer : states.all()) {
            rulesOf(layer).forEach((type, rule) -> apply(layer, rule, "op_type." + type));
        }
        for (Operator function : graph.operators()) {
            OpRule rule = function.isElementwiseFunction() ? config.opTypes().get(function.type()) : null;
            if (rule != null) {
                applyToFunction(function, rule, "op_type." + function.type());
            }
        }
    }

    /** The rules for a layer's operator, by type; a rule for the target's own name comes first and wins. */
    private Map<String, OpRule> rulesOf(Layer layer) {
        Map<String, OpRule> rules = new LinkedHashMap<>();
        String targetType = QuantizedModules.targetType(layer.module());
        OpRule target = targetType == null || layer.isType(targetType) ? null : config.opTypes().get(targetType);
        for (String type : layer.types()) {
            OpRule rule = config.opTypes().get(type);
            if (rule != null) {
                target = target == null ? null : merged(target, rule);
                rules.put(type, rule);
            }
        }
        return target == null ? rules : Map.of(targetType, target);
    }

    private static OpRule merged(OpRule first, OpRule second) {
        Map<String, ParamRule> params = new LinkedHashMap<>(second.params());
        params.putAll(first.params());
        List<SupportedKernel> kernels = first.supportedKernels().isEmpty() ? second.supportedKernels()
                : first.supportedKernels();
        return new OpRule(or(first.inputQuantized(), second.inputQuantized()),
                or(first.outputQuantized(), second.outputQuantized()), or(first.symmetric(), second.symmetric()), params,
                kernels, or(first.perChannel(), second.perChannel()),
                first.constraints() != null ? first.constraints() : second.constraints());
    }

    private static Boolean or(Boolean first, Boolean second) {
        return first != null ? first : second;
    }

    private void apply(Layer layer, OpRule rule, String where) {
        if (Boolean.TRUE.equals(rule.inputQuantized())) {
            layer.inputs().forEach(state -> quantized(state, true, where + ".is_input_quantized"));
        }
        if (Boolean.TRUE.equals(rule.outputQuantized())) {
            layer.outputs().forEach(state -> quantized(state, true, where + ".is_output_quantized"));
        } else if (Boolean.FALSE.equals(rule.outputQuantized())) {
            outputNeighbours(layer).forEach(state -> quantized(state, false, where + ".is_output_quantized is False"));
        }
        if (rule.symmetric() != null) {
            neighbours(layer).forEach(state -> symmetric(state, rule.symmetric(), where + ".is_symmetric"));
        }
        EncodingConstraints constraints = rule.constraints();
        if (constraints != null) {
            layer.outputs().forEach(state -> state.setConstraints(constraints, where + ".encoding_constraints"));
        }
        layer.params().forEach((name, state) -> {
            ParamRule param = name.equals("weight") || name.equals("bias") ? rule.params().get(name) : null;
            if (param != null) {
                apply(state, param, where + ".params." + name);
            }
        });
    }

    private void applyToFunction(Operator function, OpRule rule, String where) {
        if (rule.outputQuantized() != null) {
            consumerInputs(function).forEach(state -> quantized(state, rule.outputQuantized(),
                    where + ".is_output_quantized of the function " + function));
        }
        if (Boolean.TRUE.equals(rule.inputQuantized())) {
            function.inputs().forEach(source -> {
                SlotState output = states.outputSlot(source);
                if (output != null) {
                    quantized(output, true, where + ".is_input_quantized of the function " + function);
                }
            });
        }
    }

    private static void apply(SlotState state, ParamRule rule, String where) {
        if (rule.quantized() != null) {
            state.setQuantized(rule.quantized(), where + ".is_quantized"
                    + (rule.quantized() ? "" : " is False"));
        }
        if (rule.symmetric() != null) {
            state.setSymmetric(rule.symmetric(), where + ".is_symmetric");
        }
    }

    private void quantized(SlotState state, boolean value, String where) {
        checkConsistent(state, "is quantized", value, where);
        state.setQuantized(value, where);
    }

    private void symmetric(SlotState state, boolean value, String where) {
        checkConsistent(state, "is symmetric", value, where);
        state.setSymmetric(value, where);
    }

    private void checkConsistent(SlotState state, String setting, boolean value, String where) {
        Boolean before = said.put(state.id() + setting, value);
        if (before != null && before != value) {
            throw new StateException("quantsim config: rules of one section contradict each other; got " + where + " for "
                    + state.id() + ", of which another rule says that " + setting + " is " + before
                    + "; do make the rules of " + config.source() + " agree for neighbouring operators");
        }
    }

    // ------------------------------------------------------------------ neighbourhoods

    /** Inputs of the layers that use what a function or layer gives. */
    private List<SlotState> consumerInputs(Operator operator) {
        List<SlotState> inputs = new ArrayList<>();
        for (Operator consumer : graph.consumers(operator)) {
            Layer layer = states.of(consumer);
            if (layer != null) {
                inputs.addAll(layer.inputs());
            }
        }
        return inputs;
    }

    /** Outputs of a layer and inputs of those that use them. */
    private List<SlotState> outputNeighbours(Layer layer) {
        List<SlotState> slots = new ArrayList<>(layer.outputs());
        graph.calls().getOrDefault(layer.path(), List.of()).forEach(call -> slots.addAll(consumerInputs(call)));
        return slots;
    }

    /** Inputs and outputs of a layer, with the other ends of their tensors. */
    private List<SlotState> neighbours(Layer layer) {
        List<SlotState> slots = new ArrayList<>(layer.inputs());
        for (Operator call : graph.calls().getOrDefault(layer.path(), List.of())) {
            for (OperatorGraph.Source source : call.inputs()) {
                SlotState output = states.outputSlot(source);
                if (output != null) {
                    slots.add(output);
                }
                if (source.producer() != null && graph.onlyConsumer(source.producer()) == null) {
                    slots.addAll(consumerInputs(source.producer()));
                }
            }
        }
        slots.addAll(outputNeighbours(layer));
        return slots;
    }

    // ------------------------------------------------------------------ model input, output, channels

    void applyModelInput() {
        if (!config.modelInputQuantized()) {
            return;
        }
        for (Operator call : graph.operators()) {
            Layer layer = states.of(call);
            for (int i = 0; layer != null && i < layer.inputs().size() && i < call.inputs().size(); i++) {
                OperatorGraph.Source source = call.inputs().get(i);
                if (!OperatorGraph.isQuantized(source)) {
                    layer.inputs().get(i).setQuantized(true, source.isConstant()
                            ? "model_input.is_input_quantized, for a constant"
                            : "model_input.is_input_quantized");
                }
            }
        }
    }

    void applyModelOutput() {
        if (!config.modelOutputQuantized()) {
            return;
        }
        for (Operator call : graph.operators()) {
            Layer layer = states.of(call);
            if (layer != null && graph.consumers(call).isEmpty()) {
                layer.outputs().forEach(state -> state.setQuantized(true, "model_output.is_output_quantized"));
            }
        }
    }

    void applyPerChannel() {
        for (Layer layer : states.all()) {
            Boolean perChannel = null;
            String where = "defaults.per_channel_quantization";
            for (Map.Entry<String, OpRule> rule : rulesOf(layer).entrySet()) {
                if (perChannel == null && rule.getValue().perChannel() != null) {
                    perChannel = rule.getValue().perChannel();
                    where = "op_type." + rule.getKey() + ".per_channel_quantization";
                }
            }
            if (perChannel != null ? perChannel : config.defaults().perChannel()) {
                boolean transposed = layer.isType("ConvTranspose");
                String reason = where;
                layer.params().forEach((name, state) ->
                        state.setChannelAxis(transposed && name.equals("weight") ? 1 : 0, reason));
            }
        }
    }

    /** Grids that leave out a code, or that are unsigned and yet symmetric, cannot be simulated. */
    void checkStrictness() {
        DefaultRules defaults = config.defaults();
        if (!defaults.strictSymmetric() && !defaults.unsignedSymmetric()) {
            return;
        }
        String setting = defaults.strictSymmetric() ? "strict_symmetric" : "unsigned_symmetric";
        for (SlotPlan plan : states.plans()) {
            if (plan.quantized() && plan.symmetric() && !plan.isFloat()) {
                throw new StateException("quantsim config: defaults." + setting + " is not supported for symmetric "
                        + "quantizers; got " + plan.slot() + ", which is symmetric; do set " + setting
                        + " to \"False\" in " + config.source());
            }
        }
    }
}
