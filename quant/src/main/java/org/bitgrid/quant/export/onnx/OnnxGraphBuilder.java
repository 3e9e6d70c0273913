package org.bitgrid.quant.export.onnx;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.bitgrid.tensor.Tensor;

/** Collects steps and constants of a graph and gives them names as PyTorch's exporter does. */
final class OnnxGraphBuilder {
    private final List<OnnxNode> nodes = new ArrayList<>();
    private final Map<String, OnnxTensor> initializers = new LinkedHashMap<>();
    private final Map<String, Integer> taken = new HashMap<>();
    private final Map<String, String> renamed = new HashMap<>();

    /**
     * The scope of a module: one part for each level, where a number carries the part before it, as in
     * {@code /stem/stem.2}.
     */
    static String scope(String path) {
        StringBuilder scope = new StringBuilder();
        String previous = "";
        for (String part : path.isEmpty() ? new String[0] : path.split("\\.")) {
            boolean number = part.chars().allMatch(Character::isDigit);
            previous = number && !previous.isEmpty() ? previous + "." + part : part;
            scope.append('/').append(previous);
        }
        return scope.toString();
    }

    /** Adds a step with one output and returns the name of that. Attributes are names and values in turn. */
    String add(String scope, String type, List<String> inputs, Object... attributes) {
        return addMany(scope, type, 1, inputs, attributes).get(0);
    }

    /** Adds a step and returns the names of its outputs. */
    List<String> addMany(String scope, String type, int outputs, List<String> inputs, Object... attributes) {
        Map<String, Object> named = new LinkedHashMap<>();
        for (int i = 0; i < attributes.length; i += 2) {
            named.put((String) attributes[i], attributes[i + 1]);
        }
        String name = scope + "/" + type;
        int before = taken.merge(name, 1, Integer::sum) - 1;
        if (before > 0) {
            name = name + "_" + before;
        }
        List<String> names = new ArrayList<>();
        for (int i = 0; i < outputs; i++) {
            names.add(name + "_output_" + i);
        }
        nodes.add(new OnnxNode(name, type, inputs, names, named));
        return names;
    }

    /** Adds a constant as a step of its own. */
    String constant(String scope, Tensor value) {
        return add(scope, "Constant", List.of(), "value", OnnxTensor.of("", value));
    }

    /** Adds a parameter or buffer under its path, once. */
    String initializer(String path, Tensor value) {
        initializers.computeIfAbsent(path, name -> OnnxTensor.of(name, value));
        return path;
    }

    boolean isInitializer(String name) {
        return initializers.containsKey(name);
    }

    /** Has a tensor called by another name from now on and in all steps so far. */
    void rename(String name, String newName) {
        renamed.put(name, newName);
    }

    /** The name that a tensor has in the finished graph. */
    String finalName(String name) {
        return renamed.getOrDefault(name, name);
    }

    OnnxGraph build(String name, List<OnnxValue> inputs, List<OnnxValue> outputs) {
        List<OnnxNode> finished = new ArrayList<>();
        Set<String> used = new LinkedHashSet<>();
        for (OnnxNode node : nodes) {
            List<String> from = node.inputs().stream().map(this::finalName).toList();
            used.addAll(from);
            finished.add(new OnnxNode(node.name(), node.type(), from,
                    node.outputs().stream().map(this::finalName).toList(), node.attributes()));
        }
        outputs.forEach(output -> used.add(output.name()));
        // Constants that only an optional argument's default needed are not worth a step.
        finished.removeIf(node -> node.type().equals("Constant") && !used.contains(node.outputs().get(0)));
        OnnxGraph graph = new OnnxGraph(name, finished, List.copyOf(initializers.values()), inputs, outputs);
        graph.check();
        return graph;
    }
}
