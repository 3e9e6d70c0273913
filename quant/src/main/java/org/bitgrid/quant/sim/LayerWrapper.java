package org.bitgrid.quant.sim;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bitgrid.nn.Module;
import org.bitgrid.nn.graph.GraphModule;
import org.bitgrid.quant.layers.QuantizedModule;
import org.bitgrid.quant.layers.QuantizedModules;
import org.bitgrid.quant.quantizer.Quantizer;
import org.bitgrid.tensor.StateException;

/** Finds the layers of a model that can have quantizers, and puts quantized modules in their places. */
final class LayerWrapper {
    private final GraphModule model;
    /** Where each layer is, by its first path; a shared one may be at several places. */
    private final Map<String, Module> layers = new LinkedHashMap<>();
    private final Map<Module, List<Place>> places = new IdentityHashMap<>();
    private final Map<String, Module> unknown = new LinkedHashMap<>();

    private record Place(Module parent, String name) {
    }

    LayerWrapper(GraphModule model) {
        this.model = model;
        find();
        if (!unknown.isEmpty()) {
            throw QuantizedModules.unknown(unknown);
        }
    }

    /** An error when there is a quantized module or a quantizer in the model already. */
    static void checkPlain(Module model) {
        List<String> found = new ArrayList<>();
        model.forEachModule((path, module) -> {
            if (module instanceof QuantizedModule || module instanceof Quantizer) {
                found.add(path.isEmpty() ? "the model itself" : path);
            }
        });
        if (!found.isEmpty()) {
            throw new StateException("quantsim: takes models without quantized modules and quantizers only; got "
                    + found + "; do give it the model that they were made from");
        }
    }

    // Children are visited in order, parents first, without recursion.
    private void find() {
        Deque<Map.Entry<String, Module>> open = new ArrayDeque<>();
        pushChildren(open, "", model);
        while (!open.isEmpty()) {
            Map.Entry<String, Module> entry = open.pop();
            String path = entry.getKey();
            Module module = entry.getValue();
            if (QuantizedModules.isIgnored(module)) {
                pushChildren(open, path, module);
            } else if (QuantizedModules.slots(module) != null) {
                List<Place> known = places.computeIfAbsent(module, layer -> {
                    layers.put(path, layer);
                    return new ArrayList<>();
                });
                int dot = path.lastIndexOf('.');
                known.add(new Place(dot < 0 ? model : model.get(path.substring(0, dot)), path.substring(dot + 1)));
            } else if (module.namedChildren().isEmpty() && !isHolder(module)) {
                unknown.put(path, module);
            } else {
                pushChildren(open, path, module);
            }
        }
    }

    /** Whether a graph keeps tensors in it: a module without layers and without a forward. */
    private static boolean isHolder(Module module) {
        return module.getClass().getPackageName().equals(GraphModule.class.getPackageName());
    }

    private static void pushChildren(Deque<Map.Entry<String, Module>> open, String path, Module module) {
        List<Map.Entry<String, Module>> children = new ArrayList<>();
        module.namedChildren().forEach((name, child) ->
                children.add(Map.entry(path.isEmpty() ? name : path + "." + name, child)));
        Collections.reverse(children);
        children.forEach(open::push);
    }

    /** The layers that can have quantizers, by path. */
    Map<String, Module> layers() {
        return layers;
    }

    /** Puts a quantized module with this many inputs in the place of a layer. */
    QuantizedModule wrap(String path, int inputs) {
        Module layer = layers.get(path);
        QuantizedModule quantized = new QuantizedModule(layer, QuantizedModules.slots(layer), inputs);
        places.get(layer).forEach(place -> place.parent().setChild(place.name(), quantized));
        return quantized;
    }
}
