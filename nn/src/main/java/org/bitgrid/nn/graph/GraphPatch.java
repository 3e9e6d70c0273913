package org.bitgrid.nn.graph;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bitgrid.nn.Module;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.TensorSpec;

/**
 * Changes a graph. Each edit is checked before anything changes: a wire may only be replaced by one of the same shape
 * and type.
 */
public final class GraphPatch {
    private final GraphModule module;
    private final Graph graph;
    private final String label;

    /**
     * @param label what the edits are for; begins error messages
     */
    public GraphPatch(GraphModule module, String label) {
        this.module = module;
        this.graph = module.graph();
        this.label = label;
    }

    /**
     * Replaces a step by a call of a module, which is put at {@code path}.
     *
     * @param arguments nodes and literals
     * @return the new node
     * @throws GraphException when the module gives another shape or type than the step did
     */
    public Node.CallModule replaceByModule(Node node, String path, Module replacement, List<Object> arguments) {
        return replaceByModule(node, path, replacement, arguments, Map.of());
    }

    /**
     * Replaces a step by a call of a module, which is put at {@code path}.
     *
     * @param arguments nodes and literals
     * @param keywords  nodes and literals by name
     * @return the new node
     * @throws GraphException when the module gives another shape or type than the step did
     */
    public Node.CallModule replaceByModule(Node node, String path, Module replacement, List<Object> arguments,
                                           Map<String, Object> keywords) {
        checkSame(node.name(), node.specs(), outputs(replacement, arguments, keywords));
        module.setModule(path, replacement);
        Node.CallModule call = call(node, path, arguments, keywords);
        graph.insert(graph.indexOf(node), call);
        replaceUses(node, call);
        graph.remove(node);
        return call;
    }

    /** Replaces the module of a call by another, at the same path. */
    public void replaceModule(Node.CallModule call, Module replacement) {
        checkSame(call.name(), call.specs(), outputs(replacement, call.positional(), call.keywords()));
        module.setModule(call.path(), replacement);
    }

    /** Puts a module with one input behind a node: all that used the node now use the module's output. */
    public Node.CallModule insertAfter(Node node, String path, Module inserted) {
        checkSame(node.name(), node.specs(), outputs(inserted, List.of(node), Map.of()));
        module.setModule(path, inserted);
        Node.CallModule call = call(node, path, List.of(node), Map.of());
        List<Node> users = graph.users().get(node);
        graph.insert(graph.indexOf(node) + 1, call);
        users.forEach(user -> user.replaceInput(node, call));
        graph.changed();
        return call;
    }

    /** Removes a step whose users then use its {@code substitute}, a node before it. */
    public void bypass(Node node, Node substitute) {
        checkSame(node.name(), node.specs(), substitute.specs());
        replaceUses(node, substitute);
        graph.remove(node);
    }

    private Node.CallModule call(Node like, String path, List<?> arguments, Map<String, Object> keywords) {
        List<Object> all = new ArrayList<>(arguments);
        all.addAll(keywords.values());
        Node.CallModule call = new Node.CallModule(graph.takeName(path), like.origin(), path, all,
                List.copyOf(keywords.keySet()));
        call.setSpecs(like.specs());
        call.setScope(like.scope());
        return call;
    }

    private void replaceUses(Node old, Node replacement) {
        graph.nodes().forEach(user -> {
            if (user != replacement) {
                user.replaceInput(old, replacement);
            }
        });
        graph.changed();
    }

    /** Removes a step when nobody uses its result. */
    public void removeIfUnused(Node node) {
        if (graph.nodes().stream().noneMatch(user -> user.inputs().contains(node))) {
            graph.remove(node);
        }
    }

    /** Removes steps whose results nobody uses. */
    public void removeUnused() {
        graph.removeUnused();
    }

    private List<TensorSpec> outputs(Module replacement, List<?> arguments, Map<String, Object> keywords) {
        List<Object> values = new ArrayList<>();
        for (Object argument : arguments) {
            values.add(value(argument));
        }
        if (!keywords.isEmpty()) {
            Map<String, Object> named = new LinkedHashMap<>();
            keywords.forEach((name, argument) -> named.put(name, value(argument)));
            values.add(new Keywords(named));
        }
        return ShapeProp.outputs(replacement, values);
    }

    /** What stands for an argument while shapes are found out. */
    private Object value(Object argument) {
        if (argument instanceof List<?> list) {
            return list.stream().map(this::value).toList();
        }
        if (!(argument instanceof Node node)) {
            return argument;
        }
        if (node instanceof Node.ReadSize size) {
            Node tensor = size.isMethod() ? node.inputs().get(0) : (Node) node.inputs().get(0).arguments().get(0);
            return (long) one(tensor).shape().dim(size.axis());
        }
        if (node instanceof Node.ScaleSize scaled) {
            return (Long) value(node.inputs().get(0)) * scaled.factor();
        }
        return Tensor.meta(one(node).shape(), one(node).dtype());
    }

    private TensorSpec one(Node node) {
        if (node.specs().size() != 1) {
            throw new GraphException(label + ": " + node.name() + " does not give exactly one tensor; got "
                    + node.specs());
        }
        return node.specs().get(0);
    }

    private void checkSame(String wire, List<TensorSpec> old, List<TensorSpec> replacement) {
        boolean same = old.size() == replacement.size();
        for (int i = 0; same && i < old.size(); i++) {
            same = old.get(i).shape().equals(replacement.get(i).shape())
                    && old.get(i).dtype() == replacement.get(i).dtype();
        }
        if (!same) {
            throw new GraphException(label + ": " + wire + " would be replaced by something of another shape or type; "
                    + "got " + replacement + "; expected " + old);
        }
    }
}
