package org.bitgrid.quant.sim;

import java.util.List;
import java.util.Set;
import org.bitgrid.quant.config.QuantSimConfig;
import org.bitgrid.quant.sim.LayerStates.Layer;
import org.bitgrid.quant.sim.OperatorGraph.Operator;

/** Rules of the targets that a configuration cannot express; some hold for later hardware versions only. */
final class ExceptionRules {
    private static final Set<String> EARLY = Set.of("V66", "V68", "V69");
    private static final Set<String> NORMALIZATIONS = Set.of("GroupNormalization", "InstanceNormalization",
            "RMSNormalization");
    private static final Set<String> WIDE_SYMMETRIC = Set.of("LayerNormalization", "BatchNormalization");

    private final OperatorGraph graph;
    private final LayerStates states;
    private final String hardware;

    ExceptionRules(OperatorGraph graph, LayerStates states, QuantSimConfig config) {
        this.graph = graph;
        this.states = states;
        this.hardware = config.defaults().hardwareVersion();
    }

    /** Whether the hardware is V73 or later. */
    private boolean isLate() {
        return hardware != null && !EARLY.contains(hardware);
    }

    /** Multiplying or dividing by a positive number only changes the scale: nothing is quantized again. */
    void applyToRescaling() {
        for (Operator call : graph.operators()) {
            Layer layer = states.of(call);
            boolean times = layer != null && layer.isType("Mul");
            if (layer == null || !times && !layer.isType("Div") || layer.inputs().size() != 2
                    || call.inputs().size() != 2) {
                continue;
            }
            int factor = times && !isNumber(call.inputs().get(1)) ? 0 : 1;
            OperatorGraph.Source number = call.inputs().get(factor);
            if (!isNumber(number) || !isPositive(((Number) number.value()).doubleValue())) {
                continue;
            }
            SlotState target = target(layer.inputs().get(1 - factor), call.inputs().get(1 - factor));
            if (target != null && target.quantized()) {
                String because = "scaling by " + number.value() + " only changes the scale";
                layer.inputs().get(factor).setQuantized(false, because);
                layer.outputs().get(0).setQuantized(false, because);
            }
        }
    }

    private static boolean isNumber(OperatorGraph.Source source) {
        return source.isConstant() && source.value() instanceof Number;
    }

    private static boolean isPositive(double value) {
        return value > 0 && value < Double.POSITIVE_INFINITY;
    }

    /** Weights of normalizations are like activations: they are multiplied with them one by one. */
    void applyToNormalizations() {
        for (Layer layer : states.all()) {
            String type = layer.types().isEmpty() ? "" : layer.types().get(0);
            for (SlotState param : layer.params().values()) {
                if (!param.quantized() || param.isFloat()) {
                    continue;
                }
                if (WIDE_SYMMETRIC.contains(type)) {
                    param.setSymmetric(param.bitwidth() >= 16, "weights of a " + type);
                } else if (NORMALIZATIONS.contains(type)) {
                    SlotState output = layer.outputs().get(0);
                    param.setSymmetric(output.quantized() && output.symmetric(), "as the output of a " + type);
                    if (isLate() && type.equals("GroupNormalization")) {
                        param.setType(output.bitwidth(), output.isFloat(), "as the output, on " + hardware);
                    }
                }
            }
        }
    }

    /** An embedding gives rows of its weight, which must therefore be on the grid of the output. */
    void applyToEmbeddings() {
        for (Layer layer : states.all()) {
            SlotState weight = layer.params().get("weight");
            if (isLate() && layer.isType("Gather") && weight != null) {
                SlotState output = layer.outputs().get(0);
                weight.setType(output.bitwidth(), output.isFloat(), "as the output, on " + hardware);
                weight.setSymmetric(output.symmetric(), "as the output, on " + hardware);
            }
        }
    }

    /** What the hardware can multiply: the second operand is symmetric where it counts as a weight. */
    void applyToMatMuls(List<String> warnings) {
        for (Operator call : graph.operators()) {
            Layer layer = states.of(call);
            if (hardware == null || layer == null || !layer.isType("MatMul") || layer.inputs().size() != 2
                    || call.inputs().size() != 2) {
                continue;
            }
            SlotState first = target(layer.inputs().get(0), call.inputs().get(0));
            SlotState second = target(layer.inputs().get(1), call.inputs().get(1));
            if (first != null && second != null && first.isFloat() && second.isFloat()) {
                continue;
            }
            if (second == null || isLate() && first == null) {
                warnings.add(layer.path() + ": found no quantizer of the " + (second == null ? "second" : "first")
                        + " input, so that rules of " + hardware + " for matrix products are not applied");
            } else if (!isLate()) {
                second.setSymmetric(true, "second operand of " + layer.path() + " on " + hardware);
                second.setType(8, false, "second operand of " + layer.path() + " on " + hardware);
            } else if (second.bitwidth() == 16) {
                second.setSymmetric(true, "second operand of " + layer.path() + " on " + hardware);
                first.setType(16, first.isFloat(), "first operand of " + layer.path() + " on " + hardware);
            }
        }
    }

    /** Layers without parameters that run several times have one range for different data: better none. */
    void applyToReusedLayers(List<String> warnings) {
        graph.calls().forEach((path, calls) -> {
            Layer layer = states.at(path);
            if (layer == null || calls.size() < 2 || !layer.params().isEmpty()) {
                return;
            }
            boolean disabled = false;
            for (SlotState state : layer.inputsAndOutputs()) {
                SlotPlan plan = state.plan();
                boolean fixed = plan.constraints() != null && plan.constraints().min() != null
                        && plan.constraints().max() != null;
                if (state.quantized() && !fixed) {
                    state.setQuantized(false, "the layer runs " + calls.size() + " times on different data");
                    disabled = true;
                }
            }
            if (disabled) {
                warnings.add(path + ": runs " + calls.size() + " times, so that its inputs and outputs are not "
                        + "quantized; prepare the model to give each use a layer of its own");
            }
        });
    }

    /** The quantizer that a tensor last went through: the input's own, or that of the nearest layer before, or null. */
    private SlotState target(SlotState input, OperatorGraph.Source source) {
        if (input.quantized()) {
            return input;
        }
        Operator operator = source.producer();
        while (operator != null) {
            Layer layer = states.of(operator);
            boolean quantizes = layer != null && !layer.outputs().isEmpty() && (layer.outputs().get(0).quantized()
                    || !layer.inputs().isEmpty() && layer.inputs().get(0).quantized());
            if (quantizes) {
                return layer.outputs().get(0);
            }
            List<Operator> before = operator.inputs().stream().map(OperatorGraph.Source::producer)
                    .filter(producer -> producer != null).toList();
            if (before.isEmpty() || layer != null && before.size() > 1) {
                return null;
            }
            operator = before.get(0);
        }
        return null;
    }
}
