package org.bitgrid.nn.graph;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.bitgrid.nn.Module;
import org.bitgrid.tensor.Shape;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.op.Op;
import org.bitgrid.tensor.op.Rebindable;

/**
 * Makes one graph of two recordings of the same module with different batch sizes: checks that they agree, finds out
 * which integers come from sizes, names the nodes.
 */
final class GraphBuilder {
    /** A size that was read: step, axis, and what it is multiplied with. */
    private record Binding(int step, int axis, long factor) {
    }

    private final Module root;
    private final Recording first;
    private final Recording second;
    private final List<String> inputNames;

    private final NodeNames names = new NodeNames();
    private final List<Node> nodes = new ArrayList<>();
    /** Step -> integer attribute or argument -> where it comes from. */
    private final Map<Integer, Map<Integer, Binding>> bindings = new HashMap<>();
    private final Set<Binding> usedReads = new HashSet<>();
    private final Map<Integer, Node> stepNodes = new HashMap<>();
    private final Map<Recording.Wire, Node> outputNodes = new HashMap<>();
    private final Map<List<Integer>, Node> sizeNodes = new HashMap<>();
    private final Map<Tensor, String> attributePaths = new IdentityHashMap<>();
    private final Map<String, Tensor> constants = new LinkedHashMap<>();

    GraphBuilder(Module root, Recording first, Recording second, List<String> inputNames) {
        this.root = root;
        this.first = first;
        this.second = second;
        this.inputNames = inputNames;
        root.namedParameters().forEach((path, parameter) -> attributePaths.put(parameter.tensor(), path));
        root.namedBuffers().forEach((path, buffer) -> attributePaths.put(buffer.tensor(), path));
    }

    Graph build() {
        compare();
        Set<Integer> readsInUse = new HashSet<>();
        bindings.values().forEach(all -> all.values().forEach(binding -> readsInUse.add(binding.step())));
        int inputs = 0;
        for (int i = 0; i < first.steps().size(); i++) {
            Recording.Step step = first.steps().get(i);
            if (step instanceof Recording.Input) {
                stepNodes.put(i, add(new Node.Placeholder(names.take(inputNames.get(inputs++))), i));
            } else if (step instanceof Recording.Constant constant) {
                stepNodes.put(i, attribute(i, constant));
            } else if (step instanceof Recording.ShapeRead read && readsInUse.contains(i)) {
                shapeRead(i, read);
            } else if (step instanceof Recording.ModuleCall call) {
                stepNodes.put(i, moduleCall(i, call));
            } else if (step instanceof Recording.OpCall call) {
                stepNodes.put(i, opCall(i, call));
            }
        }
        List<Node> results = new ArrayList<>();
        first.results().forEach(wire -> results.add(node(wire)));
        nodes.add(new Node.Output(results));
        Graph graph = new Graph(nodes, names);
        graph.lint();
        return graph;
    }

    /** Tensors of the graph that no module holds, by the path at which the graph looks for them. */
    Map<String, Tensor> constants() {
        return constants;
    }

    private Node add(Node node, int step) {
        node.setScope(first.scope(step));
        nodes.add(node);
        return node;
    }

    private Node attribute(int index, Recording.Constant constant) {
        String path = attributePaths.get(constant.tensor());
        if (path == null) {
            path = "_tensor_constant" + constants.size();
            constants.put(path, constant.tensor());
        }
        return add(new Node.GetAttr(names.take(path), constant.origin(), path), index);
    }

    private void shapeRead(int index, Recording.ShapeRead read) {
        Node tensor = node(read.tensor());
        if (read.method() && read.axis() >= 0) {
            sizeNodes.put(List.of(index, read.axis()),
                    add(new Node.ReadSize(names.take("size"), read.origin(), tensor, read.axis()), index));
            return;
        }
        String name = names.take(read.method() ? "size" : "getattr");
        stepNodes.put(index, add(new Node.ReadShape(name, read.origin(), tensor, read.method()), index));
        if (read.axis() >= 0) {
            sizeNode(index, read.axis());
        }
    }

    private Node moduleCall(int index, Recording.ModuleCall call) {
        List<Object> arguments = new ArrayList<>();
        for (int i = 0; i < call.arguments().size(); i++) {
            Binding binding = bindings.getOrDefault(index, Map.of()).get(i);
            Object argument = call.arguments().get(i);
            if (binding != null) {
                arguments.add(bound(binding));
            } else {
                arguments.add(argument instanceof Recording.Wire wire ? node(wire) : argument);
            }
        }
        String name = names.take(call.path());
        return add(new Node.CallModule(name, call.origin(), call.path(), arguments, List.of()), index);
    }

    private Node opCall(int index, Recording.OpCall call) {
        List<Node> tensors = new ArrayList<>();
        call.inputs().forEach(wire -> tensors.add(node(wire)));
        Map<Integer, Node> sizes = new TreeMap<>();
        bindings.getOrDefault(index, Map.of()).forEach((integer, binding) -> sizes.put(integer, bound(binding)));
        String name = names.take(PythonCode.lastPart(call.signature().target()));
        return add(new Node.CallOp(name, call.origin(), call.op(), call.signature(), tensors, sizes,
                call.functionCall()), index);
    }

    private Node node(Recording.Wire wire) {
        Recording.Step step = first.steps().get(wire.step());
        Node source = stepNodes.get(wire.step());
        boolean tuple = step instanceof Recording.ModuleCall call && call.outputs() > 1
                || step instanceof Recording.OpCall op && op.outputs() > 1 && !op.op().returnsFirstOnly();
        if (!tuple) {
            if (wire.output() > 0) {
                throw new TraceException("trace: " + step.origin() + " uses output " + wire.output() + " of "
                        + source.name() + ", of which graphs keep the first only");
            }
            return source;
        }
        return outputNodes.computeIfAbsent(wire, key ->
                add(new Node.GetItem(names.take("getitem"), step.origin(), source, wire.output()), wire.step()));
    }

    private Node sizeNode(int step, int axis) {
        return sizeNodes.computeIfAbsent(List.of(step, axis), key -> add(new Node.ReadSize(names.take("getitem"),
                first.steps().get(step).origin(), stepNodes.get(step), axis), step));
    }

    private Node bound(Binding binding) {
        Node size = sizeNode(binding.step(), binding.axis());
        return binding.factor() == 1 ? size : add(new Node.ScaleSize(names.take("mul"), size.origin(), size,
                binding.factor()), binding.step());
    }

    // ------------------------------------------------------------------ comparison

    private void compare() {
        if (first.steps().size() != second.steps().size()) {
            throw differs(Math.min(first.steps().size(), second.steps().size()) - 1);
        }
        for (int i = 0; i < first.steps().size(); i++) {
            Recording.Step a = first.steps().get(i);
            Recording.Step b = second.steps().get(i);
            if (a instanceof Recording.OpCall opA && b instanceof Recording.OpCall opB) {
                compareOps(i, opA, opB);
            } else if (a instanceof Recording.ModuleCall callA && b instanceof Recording.ModuleCall callB) {
                compareModules(i, callA, callB);
            } else if (a.getClass() != b.getClass()) {
                throw differs(i);
            }
        }
    }

    private TraceException differs(int index) {
        String origin = index < 0 ? root.typeName() : first.steps().get(index).origin();
        return new TraceException("trace: at " + (origin.isEmpty() ? root.typeName() : origin) + " the module does "
                + "different things for different batch sizes; a graph can do one only: make the decision before the "
                + "call, or make the module a leaf");
    }

    private void compareOps(int index, Recording.OpCall a, Recording.OpCall b) {
        if (!a.inputs().equals(b.inputs()) || !a.op().name().equals(b.op().name())) {
            throw differs(index);
        }
        if (a.op().equals(b.op())) {
            return;
        }
        if (!(a.op() instanceof Rebindable left) || !(b.op() instanceof Rebindable right)
                || left.integers().size() != right.integers().size()
                || !left.withIntegers(right.integers()).equals(right)) {
            throw untraceable(index, a.op(), b.op());
        }
        for (int i = 0; i < left.integers().size(); i++) {
            long v = left.integers().get(i);
            long w = right.integers().get(i);
            if (v != w) {
                bind(index, i, v, w);
            }
        }
    }

    private void compareModules(int index, Recording.ModuleCall a, Recording.ModuleCall b) {
        if (!a.path().equals(b.path()) || a.arguments().size() != b.arguments().size()) {
            throw differs(index);
        }
        for (int i = 0; i < a.arguments().size(); i++) {
            Object left = a.arguments().get(i);
            Object right = b.arguments().get(i);
            if (left instanceof Number v && right instanceof Number w && !left.equals(right)) {
                bind(index, i, v.longValue(), w.longValue());
            } else if (!left.equals(right)) {
                throw untraceable(index, left, right);
            }
        }
    }

    private TraceException untraceable(int index, Object a, Object b) {
        return new TraceException("trace: " + first.steps().get(index).origin() + " depends on the batch size in a way"
                + " that a graph cannot follow; got " + a + " and " + b + " for two batch sizes; pass sizes straight "
                + "from size(i) to operators such as view, or make the module a leaf");
    }

    /** Finds where an integer comes from that is {@code v} in the first recording and {@code w} in the second. */
    private void bind(int index, int integer, long v, long w) {
        Binding found = null;
        for (int i = index - 1; i >= 0 && (found == null || usedReads.contains(found)); i--) {
            if (!(first.steps().get(i) instanceof Recording.ShapeRead a)
                    || !(second.steps().get(i) instanceof Recording.ShapeRead b)) {
                continue;
            }
            for (int axis = 0; axis < a.shape().rank(); axis++) {
                if (a.axis() >= 0 && a.axis() != axis) {
                    continue;
                }
                Binding candidate = candidate(i, axis, a.shape(), b.shape(), v, w);
                boolean better = candidate != null && (found == null || found.factor() != 1 && candidate.factor() == 1
                        || usedReads.contains(found) && !usedReads.contains(candidate)
                        && (candidate.factor() == 1 || found.factor() != 1));
                if (better) {
                    found = candidate;
                }
            }
        }
        if (found == null) {
            throw untraceable(index, v, w);
        }
        usedReads.add(found);
        bindings.computeIfAbsent(index, key -> new TreeMap<>()).put(integer, found);
    }

    private static Binding candidate(int step, int axis, Shape a, Shape b, long v, long w) {
        long left = a.dim(axis);
        long right = b.dim(axis);
        if (left == 0 || right == 0 || left == right || v % left != 0 || v / left * right != w) {
            return null;
        }
        return new Binding(step, axis, v / left);
    }
}
