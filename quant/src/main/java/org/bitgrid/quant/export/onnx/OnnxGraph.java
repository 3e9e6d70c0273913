package org.bitgrid.quant.export.onnx;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.bitgrid.nn.io.FormatException;

/** Steps in the order in which they run, the constants they use, and what goes in and out. */
public record OnnxGraph(String name, List<OnnxNode> nodes, List<OnnxTensor> initializers, List<OnnxValue> inputs,
                        List<OnnxValue> outputs) {
    public OnnxGraph {
        nodes = List.copyOf(nodes);
        initializers = List.copyOf(initializers);
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
    }

    /** Names of all tensors: inputs, initializers and what the steps give. */
    public Set<String> tensorNames() {
        Set<String> names = new LinkedHashSet<>();
        inputs.forEach(input -> names.add(input.name()));
        initializers.forEach(tensor -> names.add(tensor.name()));
        nodes.forEach(node -> names.addAll(node.outputs()));
        return names;
    }

    /** Initializers by name. */
    public Map<String, OnnxTensor> initializersByName() {
        return initializers.stream().collect(Collectors.toMap(OnnxTensor::name, Function.identity()));
    }

    /**
     * Checks that tensor names are unique and that every step uses tensors that are there before it.
     *
     * @throws FormatException naming the first fault
     */
    public void check() {
        Set<String> there = new LinkedHashSet<>();
        inputs.forEach(input -> define(there, input.name()));
        initializers.forEach(tensor -> define(there, tensor.name()));
        for (OnnxNode node : nodes) {
            for (String input : node.inputs()) {
                if (!input.isEmpty() && !there.contains(input)) {
                    throw new FormatException("onnx: step " + node.name() + " uses tensor \"" + input
                            + "\", which nothing before it gives");
                }
            }
            node.outputs().forEach(output -> define(there, output));
        }
        for (OnnxValue output : outputs) {
            if (!there.contains(output.name())) {
                throw new FormatException("onnx: no step gives the output \"" + output.name() + "\"");
            }
        }
    }

    private static void define(Set<String> there, String name) {
        if (!there.add(name)) {
            throw new FormatException("onnx: two tensors are called \"" + name + "\"");
        }
    }
}
