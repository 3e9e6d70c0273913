package org.bitgrid.nn.graph;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.bitgrid.tensor.BitgridException;
import org.bitgrid.tensor.Dispatch;
import org.bitgrid.tensor.Shape;
import org.bitgrid.tensor.ShapeException;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.op.Op;

/**
 * Runs a graph node by node and forgets each value after its last use. Errors say in which node they happened and
 * which line of the user's made it.
 */
final class Interpreter {
    private final List<Node> nodes;
    private final Map<Node, Integer> positions = new IdentityHashMap<>();
    private final int[][] lastUsed;
    private final int inputs;
    private final int version;

    Interpreter(Graph graph) {
        graph.lint();
        nodes = List.copyOf(graph.nodes());
        version = graph.version();
        inputs = graph.placeholders().size();
        for (int i = 0; i < nodes.size(); i++) {
            positions.put(nodes.get(i), i);
        }
        Map<Node, List<Node>> last = PythonCode.lastUses(graph);
        lastUsed = new int[nodes.size()][];
        for (int i = 0; i < lastUsed.length; i++) {
            lastUsed[i] = last.getOrDefault(nodes.get(i), List.of()).stream().mapToInt(positions::get).toArray();
        }
    }

    /** The graph's version when this was made. */
    int version() {
        return version;
    }

    /**
     * @param watcher told of every node and its value (a tensor, several, a shape or a number), or null
     */
    Tensor[] run(GraphModule module, List<Object> arguments, BiConsumer<Node, Object> watcher) {
        if (arguments.size() != inputs) {
            throw new ShapeException("graph", "got " + arguments.size() + " inputs; expected " + inputs);
        }
        Object[] values = new Object[nodes.size()];
        int next = 0;
        for (int i = 0; i < values.length; i++) {
            Node node = nodes.get(i);
            if (node instanceof Node.Placeholder) {
                values[i] = arguments.get(next++);
            } else if (node instanceof Node.Output) {
                return resolve(node.arguments(), values).toArray(Tensor[]::new);
            } else {
                values[i] = compute(module, node, values);
            }
            if (watcher != null) {
                watcher.accept(node, values[i]);
            }
            for (int dead : lastUsed[i]) {
                values[dead] = null;
            }
        }
        throw new GraphException("graph: has no output");
    }

    private Object compute(GraphModule module, Node node, Object[] values) {
        try {
            return value(module, node, values);
        } catch (BitgridException failure) {
            failure.addContext("in " + node.name() + " of the traced graph"
                    + (node.origin().isEmpty() ? "" : ", made by " + node.origin()));
            throw failure;
        }
    }

    private Object value(GraphModule module, Node node, Object[] values) {
        List<Object> arguments = resolve(node.arguments(), values);
        if (node instanceof Node.CallModule call) {
            return single(module.get(call.path()).callWith(call.withKeywords(arguments)));
        }
        if (node instanceof Node.CallOp call) {
            return operator(call, arguments);
        }
        if (node instanceof Node.GetAttr get) {
            return module.attribute(get.path());
        }
        if (node instanceof Node.ReadShape) {
            return ((Tensor) arguments.get(0)).shape(); // a read that tracers see
        }
        if (node instanceof Node.ReadSize read) {
            return arguments.get(0) instanceof Tensor tensor ? (long) tensor.size(read.axis())
                    : (long) ((Shape) arguments.get(0)).dim(read.axis());
        }
        if (node instanceof Node.ScaleSize scale) {
            return (Long) arguments.get(0) * scale.factor();
        }
        return ((Tensor[]) arguments.get(0))[((Node.GetItem) node).index()];
    }

    private static Object operator(Node.CallOp call, List<Object> arguments) {
        int tensors = call.tensorCount();
        Tensor[] inputs = arguments.subList(0, tensors).toArray(Tensor[]::new);
        Op op = call.bind(arguments.subList(tensors, arguments.size()).stream().map(Long.class::cast).toList());
        Tensor[] outputs = call.isFunctionCall() ? Dispatch.functionAll(op, inputs) : Dispatch.applyAll(op, inputs);
        return op.returnsFirstOnly() ? outputs[0] : single(outputs);
    }

    private static Object single(Tensor[] outputs) {
        return outputs.length == 1 ? outputs[0] : outputs;
    }

    private List<Object> resolve(List<Object> arguments, Object[] values) {
        List<Object> resolved = new ArrayList<>(arguments.size());
        for (Object argument : arguments) {
            if (argument instanceof Node node) {
                resolved.add(values[positions.get(node)]);
            } else if (argument instanceof List<?> list) {
                List<Object> inner = new ArrayList<>(list.size());
                list.forEach(element -> inner.add(element instanceof Node node ? values[positions.get(node)]
                        : element));
                resolved.add(inner);
            } else {
                resolved.add(argument);
            }
        }
        return resolved;
    }
}
