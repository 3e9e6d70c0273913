package org.bitgrid.quant.fold;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.bitgrid.nn.BatchNormBase;
import org.bitgrid.nn.Identity;
import org.bitgrid.nn.Module;
import org.bitgrid.nn.Parameter;
import org.bitgrid.nn.graph.GraphModule;
import org.bitgrid.nn.graph.Node;

/** Finds layers next to batch norms in a graph. */
final class FoldSearch {
    private final GraphModule model;
    private final UnaryOperator<Module> layerOf;
    private final Map<Node, List<Node>> users;
    private final Map<String, Integer> calls = new HashMap<>();
    private final Map<Parameter, Integer> owners = new IdentityHashMap<>();

    FoldSearch(GraphModule model) {
        this(model, UnaryOperator.identity());
    }

    /** @param layerOf the layer that a module of the graph is, or wraps */
    FoldSearch(GraphModule model, UnaryOperator<Module> layerOf) {
        this.model = model;
        this.layerOf = layerOf;
        users = model.graph().users();
        calls().forEach(call -> calls.merge(call.path(), 1, Integer::sum));
        model.modules().forEach(module -> module.ownParameters().values().forEach(parameter ->
                owners.merge(parameter, 1, Integer::sum)));
    }

    private Module layer(Node.CallModule call) {
        return layerOf.apply(model.get(call.path()));
    }

    private List<Node.CallModule> calls() {
        return model.graph().nodesOf(Node.CallModule.class);
    }

    /** All folds in the order of the layers: first batch norms behind layers, then those left before layers. */
    List<FoldCandidate> candidates() {
        List<FoldCandidate> found = new ArrayList<>();
        Set<String> taken = new HashSet<>();
        for (boolean forward : new boolean[] {false, true}) {
            for (Node.CallModule call : calls()) {
                Optional<FoldableLayer> layer = FoldableLayer.of(layer(call));
                if (layer.isPresent() && (forward ? layer.get().forward() : layer.get().backward())) {
                    Node.CallModule norm = forward ? before(call) : after(call);
                    if (norm != null && fits(call, layer.get(), norm, forward) && !taken.contains(norm.path())) {
                        taken.add(norm.path());
                        found.add(new FoldCandidate(call.path(), norm.path(), forward));
                    }
                }
            }
        }
        return found;
    }

    /** Paths of all batch norms that the graph calls, in order. */
    List<String> norms() {
        return calls().stream().filter(call -> layer(call) instanceof BatchNormBase<?>)
                .map(Node.CallModule::path).distinct().toList();
    }

    /** The call that alone uses this one's result, seen through modules that do nothing; null when there is none. */
    private Node.CallModule after(Node.CallModule call) {
        Node.CallModule current = call;
        while (true) {
            List<Node> next = users.get(current);
            if (next.size() != 1 || !(next.get(0) instanceof Node.CallModule user)) {
                return null;
            }
            if (!(layer(user) instanceof Identity)) {
                return user;
            }
            current = user;
        }
    }

    /** The call whose result this one alone uses, seen through modules that do nothing; null when there is none. */
    private Node.CallModule before(Node.CallModule call) {
        Node.CallModule current = call;
        while (true) {
            Object source = current.arguments().isEmpty() ? null : current.arguments().get(0);
            if (!(source instanceof Node.CallModule producer) || users.get(producer).size() != 1) {
                return null;
            }
            if (!(layer(producer) instanceof Identity)) {
                return producer;
            }
            current = producer;
        }
    }

    private boolean fits(Node.CallModule call, FoldableLayer layer, Node.CallModule normCall, boolean forward) {
        Module module = layer(normCall);
        if (!(module instanceof BatchNormBase<?> norm) || norm.runningMean() == null) {
            return false;
        }
        // A layer called twice, or a weight that another layer uses, must not change for one batch norm's sake.
        boolean alone = calls.get(call.path()) == 1 && calls.get(normCall.path()) == 1
                && owners.get(layer.weight()) == 1 && (layer.bias() == null || owners.get(layer.bias()) == 1);
        // Batch norm has its channels in dimension 1, a linear layer in the last one.
        boolean sameChannels = !layer.channelsLast() || call.specs().get(0).shape().rank() == 2;
        int channels = forward ? layer.weight().shape().dim(1) : layer.outputs();
        return alone && sameChannels && norm.features() == channels;
    }
}
