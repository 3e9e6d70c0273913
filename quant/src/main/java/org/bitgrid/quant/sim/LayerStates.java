package org.bitgrid.quant.sim;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.bitgrid.nn.Module;
import org.bitgrid.quant.layers.LayerSlots;
import org.bitgrid.quant.layers.QuantizedModules;

/** The slots of all layers while placement rules are applied to them. */
final class LayerStates {
    /** The slots of one layer. */
    record Layer(String path, Module module, LayerSlots kind, Map<String, SlotState> params, List<SlotState> inputs,
                 List<SlotState> outputs) {
        List<SlotState> inputsAndOutputs() {
            return Stream.concat(inputs.stream(), outputs.stream()).toList();
        }

        List<String> types() {
            return kind.operatorTypes();
        }

        boolean isType(String type) {
            return kind.operatorTypes().contains(type);
        }
    }

    private final Map<String, Layer> layers = new LinkedHashMap<>();

    /** @param layersByPath in the order in which they are to be listed */
    LayerStates(Map<String, Module> layersByPath, OperatorGraph graph, PlacementTypes types) {
        layersByPath.forEach((path, module) -> {
            LayerSlots kind = QuantizedModules.slots(module);
            Map<String, SlotState> params = new LinkedHashMap<>();
            module.ownParameters().keySet().forEach(name -> params.put(name, new SlotState(SlotId.param(path, name),
                    types.paramBitwidth(), types.isFloat())));
            List<SlotState> inputs = new ArrayList<>();
            for (int i = 0; i < inputCount(kind, path, graph); i++) {
                inputs.add(new SlotState(SlotId.input(path, i), types.outputBitwidth(), types.isFloat()));
            }
            List<SlotState> outputs = new ArrayList<>();
            for (int i = 0; i < kind.outputSlots(); i++) {
                outputs.add(new SlotState(SlotId.output(path, i), types.outputBitwidth(), types.isFloat()));
            }
            layers.put(path, new Layer(path, module, kind, params, inputs, outputs));
        });
    }

    private static int inputCount(LayerSlots kind, String path, OperatorGraph graph) {
        if (kind.inputs() != LayerSlots.AS_CALLED) {
            return kind.inputs();
        }
        return graph.calls().getOrDefault(path, List.of()).stream().mapToInt(call -> call.inputs().size()).max()
                .orElse(1);
    }

    Collection<Layer> all() {
        return layers.values();
    }

    /** The layer at a path, or null when it is not quantizable. */
    Layer at(String path) {
        return path == null ? null : layers.get(path);
    }

    /** The layer that an operator calls, or null for a function or a layer that is not quantizable. */
    Layer of(OperatorGraph.Operator operator) {
        return operator == null ? null : at(operator.module());
    }

    /** The output slot that quantizes a tensor where it is made, or null. */
    SlotState outputSlot(OperatorGraph.Source source) {
        Layer producer = of(source.producer());
        if (producer == null || producer.outputs().isEmpty()) {
            return null;
        }
        int index = producer.kind().outputs() == LayerSlots.ONE_FOR_ALL ? 0 : source.output();
        return index < producer.outputs().size() ? producer.outputs().get(index) : null;
    }

    /** All plans, in order. */
    List<SlotPlan> plans() {
        List<SlotPlan> plans = new ArrayList<>();
        for (Layer layer : layers.values()) {
            layer.params().values().forEach(state -> plans.add(state.plan()));
            layer.inputs().forEach(state -> plans.add(state.plan()));
            layer.outputs().forEach(state -> plans.add(state.plan()));
        }
        return plans;
    }
}
