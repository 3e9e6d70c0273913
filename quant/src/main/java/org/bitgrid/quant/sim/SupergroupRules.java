package org.bitgrid.quant.sim;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.bitgrid.nn.Conv1d;
import org.bitgrid.nn.Conv2d;
import org.bitgrid.nn.ConvTranspose2d;
import org.bitgrid.nn.Module;
import org.bitgrid.quant.sim.LayerStates.Layer;
import org.bitgrid.quant.sim.OperatorGraph.Operator;

/**
 * Chains of operators that a target runs as one: nothing is quantized within them. A tensor that several operators use
 * ends a chain, and so does a depthwise convolution. Batch norms that can be folded into the layer before them are
 * passed over while matching, and then take over that layer's output quantizer.
 */
final class SupergroupRules {
    private static final Set<String> FOLDED_INTO = Set.of("Conv1d", "Conv", "ConvTranspose", "Gemm");

    private final OperatorGraph graph;
    private final LayerStates states;
    private final Set<Operator> foldable = Collections.newSetFromMap(new IdentityHashMap<>());

    SupergroupRules(OperatorGraph graph, LayerStates states) {
        this.graph = graph;
        this.states = states;
    }

    void apply(List<List<String>> supergroups) {
        List<Operator> folded = new ArrayList<>();
        for (Operator operator : graph.operators()) {
            Operator next = graph.onlyConsumer(operator);
            boolean pair = FOLDED_INTO.contains(operator.type()) && next != null
                    && next.type().equals("BatchNormalization");
            boolean grouped = operator.layer() instanceof ConvTranspose2d transposed && transposed.groups() != 1;
            if (pair && !grouped) {
                folded.add(operator);
                foldable.add(next);
            }
        }
        List<List<String>> longestFirst = new ArrayList<>(supergroups);
        longestFirst.sort((a, b) -> b.size() - a.size()); // a stable sort: equal lengths stay in the file's order
        for (Operator start : graph.operators()) {
            for (List<String> pattern : longestFirst) {
                List<Operator> chain = chain(start, pattern);
                if (chain != null) {
                    join(chain, pattern);
                    break;
                }
            }
        }
        folded.forEach(this::handOver);
    }

    /** The operators from {@code start} that have these types, or null. */
    private List<Operator> chain(Operator start, List<String> pattern) {
        List<Operator> chain = new ArrayList<>();
        Operator operator = start;
        if (foldable.contains(start)) {
            return null;
        }
        for (String type : pattern) {
            while (operator != null && foldable.contains(operator)) {
                operator = graph.onlyConsumer(operator);
            }
            if (operator == null || !operator.type().equals(type) || isDepthwise(operator.layer())) {
                return null;
            }
            chain.add(operator);
            operator = graph.onlyConsumer(operator);
        }
        return chain;
    }

    /** Whether each channel is convolved for itself: targets do not join such convolutions with what follows. */
    private static boolean isDepthwise(Module layer) {
        return layer instanceof Conv2d two && two.groups() > 1 && two.groups() == two.inChannels()
                || layer instanceof Conv1d one && one.groups() > 1 && one.groups() == one.inChannels()
                || layer instanceof ConvTranspose2d transposed && transposed.groups() > 1
                && transposed.groups() == transposed.inChannels();
    }

    private void join(List<Operator> chain, List<String> pattern) {
        String because = "supergroup " + pattern;
        for (int i = 0; i < chain.size(); i++) {
            Layer layer = states.of(chain.get(i));
            if (layer != null && i < chain.size() - 1) {
                layer.outputs().forEach(state -> state.setQuantized(false, because));
            }
            if (layer != null && i > 0) {
                layer.inputs().forEach(state -> state.setQuantized(false, because));
            }
        }
    }

    private void handOver(Operator operator) {
        Layer layer = states.of(operator);
        Layer norm = states.of(graph.onlyConsumer(operator));
        if (layer == null || norm == null) {
            return;
        }
        String because = "can be folded into " + layer.path();
        norm.inputs().forEach(state -> state.setQuantized(false, because));
        norm.params().values().forEach(state -> state.setQuantized(false, because));
        for (int i = 0; i < Math.min(layer.outputs().size(), norm.outputs().size()); i++) {
            norm.outputs().get(i).setQuantized(layer.outputs().get(i).quantized(), "as the output of " + layer.path()
                    + ", into which it can be folded");
            layer.outputs().get(i).setQuantized(false, "the batch norm " + norm.path() + " can be folded into it");
        }
    }
}
