package org.bitgrid.quant.sim;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.bitgrid.nn.Module;
import org.bitgrid.quant.layers.LayerSlots;
import org.bitgrid.quant.layers.QuantizedModules;
import org.bitgrid.quant.sim.LayerStates.Layer;
import org.bitgrid.quant.sim.OperatorGraph.Operator;

/**
 * Operators whose inputs must lie on the grid of their output: the layers before them use their output's quantizer.
 * These are concatenations and rectifiers and, where the hardware version is known, interpolations.
 */
final class SharedEncodings {
    private static final Set<String> INTERPOLATIONS = Set.of("CropAndResize", "Resize", "ScatterElements", "Upsample");
    private static final Set<String> SAME_VALUES = Set.of("Reshape", "Transpose", "Cast", "ChannelShuffle", "Shape");

    private final OperatorGraph graph;
    private final LayerStates states;

    SharedEncodings(OperatorGraph graph, LayerStates states) {
        this.graph = graph;
        this.states = states;
    }

    void applyDefaults(String hardware) {
        for (Operator operator : backwards(graph, each -> states.of(each) != null)) {
            Layer layer = states.of(operator);
            boolean shares = layer.isType("Concat") || layer.isType("Relu")
                    || hardware != null && !layer.types().isEmpty() && INTERPOLATIONS.containsAll(layer.types());
            if (shares && layer.outputs().size() == 1 && layer.outputs().get(0).quantized()) {
                SlotState output = layer.outputs().get(0);
                for (SlotId slot : slotsBefore(operator)) {
                    share(slot, output, "as the output of the " + layer.types().get(0) + " " + layer.path());
                }
            }
        }
    }

    private void share(SlotId slot, SlotState output, String because) {
        Layer layer = states.at(slot.module());
        if (layer == null) {
            return;
        }
        List<SlotState> slots = slot.kind() == SlotId.Kind.INPUT ? layer.inputs() : layer.outputs();
        if (slot.index() >= slots.size()) {
            return;
        }
        SlotState state = slots.get(slot.index());
        if (slot.kind() == SlotId.Kind.INPUT) {
            state.setQuantized(true, because);
        }
        if (state.quantized()) {
            state.share(output, because);
        }
    }

    /**
     * The slots whose quantizers would have to be the output's for the inputs of an operator to lie on its grid: outputs
     * of the layers before it, seen through functions and through layers that keep values as they are, and its own input
     * slots for inputs of the model.
     */
    static List<SlotId> slotsBefore(Operator operator) {
        List<SlotId> found = new ArrayList<>();
        Set<Operator> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        Deque<Operator> open = new ArrayDeque<>(List.of(operator));
        while (!open.isEmpty()) {
            Operator consumer = open.pop();
            for (int i = 0; i < consumer.inputs().size(); i++) {
                OperatorGraph.Source source = consumer.inputs().get(i);
                Operator producer = source.producer();
                if (producer == null) {
                    boolean tensor = source.isModelInput() || source.value() == null;
                    if (tensor && consumer.module() != null) {
                        found.add(SlotId.input(consumer.module(), i));
                    }
                    continue;
                }
                if (producer.module() != null) {
                    found.add(SlotId.output(producer.module(), outputIndex(producer.layer(), source.output())));
                }
                boolean through = producer.module() == null
                        || !producer.types().isEmpty() && SAME_VALUES.containsAll(producer.types());
                if (through && seen.add(producer)) {
                    open.add(producer);
                }
            }
        }
        return found;
    }

    private static int outputIndex(Module layer, int output) {
        LayerSlots slots = QuantizedModules.slots(layer);
        return slots != null && slots.outputs() == LayerSlots.ONE_FOR_ALL ? 0 : output;
    }

    /** The calls of layers that a condition picks, last first. */
    static List<Operator> backwards(OperatorGraph graph, Predicate<Operator> condition) {
        List<Operator> chosen = new ArrayList<>(graph.operators().stream().filter(condition).toList());
        Collections.reverse(chosen);
        return chosen;
    }
}
