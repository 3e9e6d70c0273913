package org.bitgrid.nn.graph;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.Collections;
import java.util.stream.Collectors;
import org.bitgrid.nn.PythonText;
import org.bitgrid.tensor.op.Signature;

/** A graph as the Python function that torch.fx would generate for it, down to the variables it lets go. */
final class PythonCode {
    private PythonCode() {
    }

    /** The function, indented lines after {@code def forward}, ended by a line of four blanks. */
    static String of(Graph graph) {
        Map<Node, List<Node>> lastUses = lastUses(graph);
        Map<Node, List<Node>> users = graph.users();
        StringBuilder code = new StringBuilder("def forward(self");
        graph.placeholders().forEach(input -> code.append(", ").append(input.name()));
        code.append("):\n");
        for (Node node : graph.nodes()) {
            if (node instanceof Node.Placeholder) {
                continue;
            }
            code.append("    ").append(statement(node));
            if (!(node instanceof Node.Output)) {
                List<Node> dead = new ArrayList<>(lastUses.getOrDefault(node, List.of()));
                if (users.get(node).isEmpty()) {
                    dead.add(node);
                }
                if (!dead.isEmpty()) {
                    code.append(";  ");
                    dead.forEach(gone -> code.append(gone.name()).append(" = "));
                    code.append("None");
                }
            }
            code.append('\n');
        }
        return code.append("    ").toString();
    }

    /** For each node, those that it is the last to use, in the order of its arguments. */
    static Map<Node, List<Node>> lastUses(Graph graph) {
        Map<Node, List<Node>> last = new IdentityHashMap<>();
        Set<Node> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        for (int i = graph.nodes().size() - 1; i >= 0; i--) {
            Node node = graph.nodes().get(i);
            for (Node input : written(node)) {
                if (seen.add(input)) {
                    last.computeIfAbsent(node, key -> new ArrayList<>()).add(input);
                }
            }
        }
        return last;
    }

    private static List<Node> written(Node node) {
        if (!(node instanceof Node.CallOp call)) {
            return node.inputs();
        }
        List<Node> found = new ArrayList<>();
        List<Object> all = new ArrayList<>(call.writtenArguments());
        all.addAll(call.writtenKeywords().values());
        for (Object argument : all) {
            if (argument instanceof Node input) {
                found.add(input);
            } else if (argument instanceof List<?> list) {
                list.stream().filter(Node.class::isInstance).forEach(input -> found.add((Node) input));
            }
        }
        node.inputs().stream().filter(input -> !found.contains(input)).forEach(found::add);
        return found;
    }

    /** One line of Python, without what it lets go. */
    static String statement(Node node) {
        List<Object> arguments = node.arguments();
        if (node instanceof Node.Placeholder) {
            return node.name();
        }
        if (node instanceof Node.Output) {
            return "return " + (arguments.size() == 1 ? literal(arguments.get(0)) : tuple(arguments));
        }
        return node.name() + " = " + expression(node, arguments);
    }

    private static String expression(Node node, List<Object> arguments) {
        if (node instanceof Node.GetAttr get) {
            return attribute(get.path());
        }
        if (node instanceof Node.CallModule call) {
            return attribute(call.path()) + "(" + arguments(call.positional(), call.keywords()) + ")";
        }
        if (node instanceof Node.ReadSize size && size.isMethod()) {
            return literal(arguments.get(0)) + ".size(" + literal(arguments.get(1)) + ")";
        }
        if (node instanceof Node.ReadShape) {
            return literal(arguments.get(0)) + (((Node.ReadShape) node).isMethod() ? ".size()" : ".shape");
        }
        if (node instanceof Node.ScaleSize) {
            return literal(arguments.get(0)) + " * " + literal(arguments.get(1));
        }
        if (node instanceof Node.CallOp call) {
            return operator(call);
        }
        return literal(arguments.get(0)) + "[" + literal(arguments.get(1)) + "]";
    }

    private static String operator(Node.CallOp call) {
        Signature signature = call.signature();
        List<Object> written = call.writtenArguments();
        if (!signature.infix().isEmpty() && written.size() == 2) {
            return literal(written.get(0)) + " " + signature.infix() + " " + literal(written.get(1));
        }
        boolean method = !call.isFunctionCall() && !written.isEmpty() && written.get(0) instanceof Node;
        String all = arguments(method ? written.subList(1, written.size()) : written, call.writtenKeywords());
        return method ? written.get(0) + "." + lastPart(signature.target()) + "(" + all + ")"
                : signature.target() + "(" + all + ")";
    }

    private static String arguments(List<?> positional, Map<String, Object> keywords) {
        String text = list(positional);
        String named = keywords.entrySet().stream().map(entry -> entry.getKey() + " = " + literal(entry.getValue()))
                .collect(Collectors.joining(", "));
        return text.isEmpty() || named.isEmpty() ? text + named : text + ", " + named;
    }

    static String lastPart(String dotted) {
        return dotted.substring(dotted.lastIndexOf('.') + 1);
    }

    private static String attribute(String path) {
        String text = "self";
        for (String part : path.split("\\.")) {
            text = part.matches("[A-Za-z_][A-Za-z0-9_]*") ? text + "." + part
                    : "getattr(" + text + ", \"" + part + "\")";
        }
        return text;
    }

    private static String list(List<?> values) {
        return values.stream().map(PythonCode::literal).collect(Collectors.joining(", "));
    }

    private static String tuple(List<?> values) {
        return "(" + list(values) + (values.size() == 1 ? ",)" : ")");
    }

    private static String literal(Object value) {
        if (value == null) {
            return "None";
        }
        if (value instanceof Double number) {
            return PythonText.number(number);
        }
        if (value instanceof Boolean flag) {
            return PythonText.bool(flag);
        }
        if (value instanceof String text) {
            return "'" + text + "'";
        }
        if (value instanceof List<?> list) {
            // torch.cat and its like take a list; several axes are given as a tuple
            return list.stream().anyMatch(Node.class::isInstance) ? "[" + list(list) + "]" : tuple(list);
        }
        return String.valueOf(value);
    }
}
