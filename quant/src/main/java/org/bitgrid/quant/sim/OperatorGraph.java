package org.bitgrid.quant.sim;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.bitgrid.nn.Identity;
import org.bitgrid.nn.Module;
import org.bitgrid.nn.graph.GraphModule;
import org.bitgrid.nn.graph.Keywords;
import org.bitgrid.nn.graph.Node;
import org.bitgrid.quant.functional.CustomSiLU;
import org.bitgrid.quant.layers.LayerSlots;
import org.bitgrid.quant.layers.QuantizedModule;
import org.bitgrid.quant.layers.QuantizedModules;
import org.bitgrid.tensor.op.AddInPlace;
import org.bitgrid.tensor.op.Cat;
import org.bitgrid.tensor.op.Gather;
import org.bitgrid.tensor.op.IndexSelect;
import org.bitgrid.tensor.op.Op;
import org.bitgrid.tensor.op.Pointwise2;
import org.bitgrid.tensor.op.PointwiseScalar;

/**
 * A traced graph as placement rules see it: operators, and between them tensors. Identities are not there, sizes are
 * not, and of several outputs each is a tensor of its own.
 */
final class OperatorGraph {
    /** Operator types whose results lie on the grid of their input, so that quantizing again changes nothing. */
    private static final Set<String> GRID_PRESERVING = Set.of("BatchToSpace", "Col2Im", "Compress", "DepthToSpace",
            "Dropout", "Expand", "Flatten", "Gather", "GatherElements", "GatherND", "Identity", "MaxPool", "MaxRoiPool",
            "NonZero", "ReduceMax", "ReduceMin", "Reshape", "Slice", "SpaceToBatch", "SpaceToDepth", "Split",
            "SplitToSequence", "Squeeze", "Tile", "TopK", "Transpose", "Unsqueeze");

    private static final Set<String> ELEMENTWISE = Set.of("Add", "Mul", "Div", "Concat");

    /** An operator: a layer's call, or a function's when {@code module} is null. Each is equal to itself alone. */
    static final class Operator {
        private final Node node;
        private final String module;
        private final Module layer;
        private final List<String> types;
        private final List<Source> inputs;

        Operator(Node node, String module, Module layer, List<String> types, List<Source> inputs) {
            this.node = node;
            this.module = module;
            this.layer = layer;
            this.types = types;
            this.inputs = inputs;
        }

        Node node() {
            return node;
        }

        /** Path of the layer, or null for a function. */
        String module() {
            return module;
        }

        /** The layer as it is without quantizers, or null. */
        Module layer() {
            return layer;
        }

        List<String> types() {
            return types;
        }

        /** The type that patterns know it by, or the empty text. */
        String type() {
            return types.isEmpty() ? "" : types.get(0);
        }

        List<Source> inputs() {
            return inputs;
        }

        boolean isGridPreserving() {
            return module == null ? movesDataOnly(((Node.CallOp) node).op())
                    : !types.isEmpty() && GRID_PRESERVING.containsAll(types);
        }

        /** Whether targets quantize what the function gives: a sum, product or quotient, or joined tensors. */
        boolean isElementwiseFunction() {
            return module == null && ELEMENTWISE.contains(type());
        }

        @Override
        public String toString() {
            return node.name();
        }
    }

    /**
     * Where an input comes from: an operator's output, or else a constant or an input of the model.
     *
     * @param value of a constant that is a number, or null
     */
    record Source(Operator producer, int output, boolean isModelInput, Object value) {
        boolean isConstant() {
            return producer == null && !isModelInput;
        }
    }

    private final List<Operator> operators = new ArrayList<>();
    private final Map<Operator, List<Operator>> consumers = new IdentityHashMap<>();
    private final Map<String, List<Operator>> calls = new LinkedHashMap<>();

    private OperatorGraph() {
    }

    static OperatorGraph of(GraphModule model) {
        OperatorGraph graph = new OperatorGraph();
        Map<Node, Source> values = new IdentityHashMap<>();
        for (Node node : model.graph().nodes()) {
            graph.read(model, node, values);
        }
        for (Operator operator : graph.operators) {
            graph.consumers.put(operator, new ArrayList<>());
        }
        for (Operator operator : graph.operators) {
            Set<Operator> producers = new LinkedHashSet<>();
            operator.inputs().forEach(input -> {
                if (input.producer() != null) {
                    producers.add(input.producer());
                }
            });
            producers.forEach(producer -> graph.consumers.get(producer).add(operator));
        }
        return graph;
    }

    private void read(GraphModule model, Node node, Map<Node, Source> values) {
        if (node instanceof Node.Placeholder) {
            values.put(node, new Source(null, 0, true, null));
        } else if (node instanceof Node.GetAttr) {
            values.put(node, new Source(null, 0, false, null));
        } else if (node instanceof Node.GetItem item) {
            Source tuple = values.get(node.inputs().get(0));
            values.put(node, new Source(tuple.producer(), item.index(), tuple.isModelInput(), null));
        } else if (node instanceof Node.CallModule call) {
            Module layer = model.get(call.path());
            Module original = layer instanceof QuantizedModule quantized ? quantized.layer() : layer;
            if (original instanceof Identity) {
                values.put(node, values.get(node.inputs().get(0)));
                return;
            }
            List<Source> inputs = sources(call.arguments(), values);
            if (original instanceof CustomSiLU) {
                addParts(model, call, inputs.get(0), values);
                return;
            }
            LayerSlots slots = QuantizedModules.slots(original);
            add(node, new Operator(node, call.path(), original, slots == null ? List.of() : slots.operatorTypes(),
                    inputs), values);
        } else if (node instanceof Node.CallOp call) {
            List<Source> inputs = sources(call.arguments().subList(0, call.tensorCount()), values);
            add(node, new Operator(node, null, null, List.of(functionType(call.op())), inputs), values);
        }
    }

    /** The sigmoid and the product that one module consists of. */
    private void addParts(GraphModule model, Node.CallModule call, Source input, Map<Node, Source> values) {
        List<Source> inputs = List.of(input);
        for (String part : List.of("sigmoid", "mul")) {
            Module layer = model.get(call.path() + "." + part);
            Module original = layer instanceof QuantizedModule quantized ? quantized.layer() : layer;
            add(call, new Operator(call, call.path() + "." + part, original,
                    QuantizedModules.slots(original).operatorTypes(), inputs), values);
            inputs = List.of(input, values.get(call));
        }
    }

    private void add(Node node, Operator operator, Map<Node, Source> values) {
        operators.add(operator);
        values.put(node, new Source(operator, 0, false, null));
        if (operator.module() != null) {
            calls.computeIfAbsent(operator.module(), path -> new ArrayList<>()).add(operator);
        }
    }

    private static List<Source> sources(List<Object> arguments, Map<Node, Source> values) {
        List<Source> sources = new ArrayList<>();
        for (Object argument : arguments) {
            if (argument instanceof Keywords) {
                continue; // literals that are no inputs
            }
            if (argument instanceof Node node) {
                sources.add(values.getOrDefault(node, new Source(null, 0, false, null)));
            } else if (argument instanceof List<?> list && list.stream().anyMatch(Node.class::isInstance)) {
                list.forEach(element -> sources.add(element instanceof Node node ? values.get(node)
                        : new Source(null, 0, false, element)));
            } else {
                sources.add(new Source(null, 0, false, argument));
            }
        }
        return sources;
    }

    private static String functionType(Op op) {
        if (op instanceof Pointwise2 binary) {
            return onnx(binary.kind());
        }
        if (op instanceof PointwiseScalar scalar) {
            return onnx(scalar.kind());
        }
        return op instanceof Cat ? "Concat" : op instanceof AddInPlace ? "Add" : "";
    }

    private static String onnx(Pointwise2.Kind kind) {
        return switch (kind) {
            case ADD -> "Add";
            case SUB -> "Sub";
            case MUL -> "Mul";
            case DIV -> "Div";
            default -> "";
        };
    }

    private static boolean movesDataOnly(Op op) {
        return op.movesDataOnly() || op instanceof IndexSelect || op instanceof Gather;
    }

    /** All operators in the order in which they run. */
    List<Operator> operators() {
        return operators;
    }

    /** The calls of a layer, by its path; layers that the graph does not call are not there. */
    Map<String, List<Operator>> calls() {
        return calls;
    }

    /** The operators that use an output of this one; each once. */
    List<Operator> consumers(Operator operator) {
        return consumers.get(operator);
    }

    /** The one operator that uses this one's output, or null when there are none or several. */
    Operator onlyConsumer(Operator operator) {
        List<Operator> users = consumers.get(operator);
        return users.size() == 1 ? users.get(0) : null;
    }

    /**
     * Whether a tensor is on a grid when it gets to its user: because the layer that made it quantizes it, or because
     * nothing but moving data was done to one that is.
     */
    static boolean isQuantized(Source source) {
        Source from = source;
        while (from.producer() != null && from.producer().module() == null && from.producer().isGridPreserving()
                && !from.producer().inputs().isEmpty()) {
            from = from.producer().inputs().get(0);
        }
        return from.producer() != null;
    }
}
