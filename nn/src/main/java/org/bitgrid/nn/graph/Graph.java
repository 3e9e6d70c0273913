package org.bitgrid.nn.graph;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Nodes in the order in which they run: placeholders first, one {@link Node.Output} last. */
public final class Graph {
    private final List<Node> nodes;
    private final NodeNames names;
    private int version;

    Graph(List<Node> nodes, NodeNames names) {
        this.nodes = new ArrayList<>(nodes);
        this.names = names;
    }

    /** The same steps in nodes of their own. */
    Graph copy() {
        Map<Node, Node> copies = new IdentityHashMap<>();
        List<Node> all = new ArrayList<>();
        for (Node node : nodes) {
            Node copy = node.copy(argument -> copies.get((Node) argument));
            copy.setSpecs(node.specs());
            copy.setScope(node.scope());
            copies.put(node, copy);
            all.add(copy);
        }
        return new Graph(all, names.copy());
    }

    /** All nodes in order. */
    public List<Node> nodes() {
        return Collections.unmodifiableList(nodes);
    }

    /** The inputs, in the order in which the graph is called with them. */
    public List<Node.Placeholder> placeholders() {
        return nodesOf(Node.Placeholder.class);
    }

    /** The last node. */
    public Node.Output output() {
        return (Node.Output) nodes.get(nodes.size() - 1);
    }

    /** Nodes of one kind, in order. */
    public <N extends Node> List<N> nodesOf(Class<N> kind) {
        return nodes.stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    /** The node with this name. */
    public Node node(String name) {
        return nodes.stream().filter(node -> node.name().equals(name)).findFirst().orElseThrow(() ->
                new GraphException("graph: has no node \"" + name + "\""));
    }

    /** For each node, the nodes that use it, in order; a user appears once. */
    public Map<Node, List<Node>> users() {
        Map<Node, Set<Node>> found = new IdentityHashMap<>();
        nodes.forEach(node -> found.put(node, new LinkedHashSet<>()));
        nodes.forEach(node -> node.inputs().forEach(input -> found.get(input).add(node)));
        Map<Node, List<Node>> users = new LinkedHashMap<>();
        nodes.forEach(node -> users.put(node, List.copyOf(found.get(node))));
        return users;
    }

    /** Grows with every change. */
    int version() {
        return version;
    }

    String takeName(String wish) {
        return names.take(wish);
    }

    void insert(int index, Node node) {
        nodes.add(index, node);
        version++;
    }

    int indexOf(Node node) {
        for (int i = 0; i < nodes.size(); i++) {
            if (nodes.get(i) == node) {
                return i;
            }
        }
        throw new GraphException("graph: node " + node.name() + " is not part of it");
    }

    void remove(Node node) {
        nodes.remove(indexOf(node));
        version++;
    }

    void changed() {
        version++;
    }

    /** Removes steps whose results nobody uses; operators that change tensors in place stay. */
    void removeUnused() {
        Map<Node, Integer> uses = new IdentityHashMap<>();
        nodes.forEach(node -> node.inputs().forEach(input -> uses.merge(input, 1, Integer::sum)));
        for (int i = nodes.size() - 1; i >= 0; i--) {
            Node node = nodes.get(i);
            boolean keep = node instanceof Node.Placeholder || node instanceof Node.Output
                    || node instanceof Node.CallOp call && !call.op().mutates().isEmpty();
            if (!keep && uses.getOrDefault(node, 0) == 0) {
                nodes.remove(i);
                node.inputs().forEach(input -> uses.merge(input, -1, Integer::sum));
            }
        }
        version++;
    }

    /**
     * Checks order and wiring: names are unique, nodes come before their users, placeholders first, one output last.
     *
     * @throws GraphException naming the first fault
     */
    public void lint() {
        Set<String> seen = new HashSet<>();
        Set<Node> before = Collections.newSetFromMap(new IdentityHashMap<>());
        boolean placeholders = true;
        for (int i = 0; i < nodes.size(); i++) {
            Node node = nodes.get(i);
            if (!seen.add(node.name())) {
                throw new GraphException("graph: two nodes are called " + node.name());
            }
            if (node instanceof Node.Placeholder && !placeholders) {
                throw new GraphException("graph: placeholder " + node.name() + " comes after other nodes");
            }
            placeholders &= node instanceof Node.Placeholder;
            if (node instanceof Node.Output != (i == nodes.size() - 1)) {
                throw new GraphException("graph: expected exactly one output, at the end; node " + i + " of "
                        + nodes.size() + " is " + node.name());
            }
            for (Node input : node.inputs()) {
                if (!before.contains(input)) {
                    throw new GraphException("graph: " + node.name() + " uses " + input.name()
                            + ", which does not come before it");
                }
            }
            before.add(node);
        }
    }
}
