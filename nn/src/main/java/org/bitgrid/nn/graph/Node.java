package org.bitgrid.nn.graph;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.bitgrid.tensor.TensorSpec;
import org.bitgrid.tensor.op.Op;
import org.bitgrid.tensor.op.Rebindable;
import org.bitgrid.tensor.op.Signature;

/**
 * One step of a graph. Its arguments are nodes, literals (Long, Double, Boolean, String) or lists of these. Nodes are
 * changed through {@link GraphPatch} only.
 */
public abstract sealed class Node {
    private final String name;
    private final String origin;
    private final List<Object> arguments;
    private List<TensorSpec> specs = List.of();
    private String scope = "";

    private Node(String name, String origin, List<?> arguments) {
        this.name = name;
        this.origin = origin;
        this.arguments = new ArrayList<>(arguments);
    }

    /** Unique within the graph; a Python identifier. */
    public final String name() {
        return name;
    }

    /** Where the user's code made this step, as {@code Net.forward(Net.java:41)}, or empty. */
    public final String origin() {
        return origin;
    }

    /** Dotted path of the module in whose {@code forward} the step is; empty for the traced module itself. */
    public final String scope() {
        return scope;
    }

    final void setScope(String path) {
        scope = path;
    }

    public final List<Object> arguments() {
        return Collections.unmodifiableList(arguments);
    }

    /** This step with other nodes for arguments; specifications and scope are kept. */
    abstract Node copy(UnaryOperator<Object> arguments);

    /** The arguments, with {@code replace} applied to each node among them. */
    final List<Object> mapped(UnaryOperator<Object> replace) {
        List<Object> copy = new ArrayList<>();
        for (Object argument : arguments) {
            copy.add(argument instanceof List<?> list ? list.stream().map(element -> element instanceof Node
                    ? replace.apply(element) : element).toList() : argument instanceof Node ? replace.apply(argument)
                    : argument);
        }
        return copy;
    }

    /** All nodes among the arguments, those within lists too, in order; one that is used twice appears twice. */
    public final List<Node> inputs() {
        List<Node> found = new ArrayList<>();
        for (Object argument : arguments) {
            if (argument instanceof Node node) {
                found.add(node);
            } else if (argument instanceof List<?> list) {
                list.forEach(element -> {
                    if (element instanceof Node node) {
                        found.add(node);
                    }
                });
            }
        }
        return found;
    }

    /** Shapes and types of the outputs when the graph ran on the sample; empty for steps that give no tensor. */
    public final List<TensorSpec> specs() {
        return specs;
    }

    final void setSpecs(List<TensorSpec> value) {
        specs = List.copyOf(value);
    }

    final void replaceInput(Node old, Node replacement) {
        arguments.replaceAll(argument -> {
            if (argument == old) {
                return replacement;
            }
            if (argument instanceof List<?> list) {
                List<Object> copy = new ArrayList<>(list);
                copy.replaceAll(element -> element == old ? replacement : element);
                return copy;
            }
            return argument;
        });
    }

    @Override
    public final String toString() {
        return name;
    }

    /** An input of the graph. */
    public static final class Placeholder extends Node {
        Placeholder(String name) {
            super(name, "", List.of());
        }

        @Override
        Node copy(UnaryOperator<Object> arguments) {
            return new Placeholder(name());
        }
    }

    /** A parameter or buffer that {@code forward} used itself. */
    public static final class GetAttr extends Node {
        private final String path;

        GetAttr(String name, String origin, String path) {
            super(name, origin, List.of());
            this.path = path;
        }

        /** Dotted path from the graph's module. */
        public String path() {
            return path;
        }

        @Override
        Node copy(UnaryOperator<Object> arguments) {
            return new GetAttr(name(), origin(), path);
        }
    }

    /** A call of a module. The last of its arguments are keyword arguments, if it has any. */
    public static final class CallModule extends Node {
        private final String path;
        private final List<String> keywordNames;

        CallModule(String name, String origin, String path, List<?> arguments, List<String> keywordNames) {
            super(name, origin, arguments);
            this.path = path;
            this.keywordNames = List.copyOf(keywordNames);
        }

        /** Dotted path from the graph's module. */
        public String path() {
            return path;
        }

        /** The arguments without names. */
        public List<Object> positional() {
            return arguments().subList(0, arguments().size() - keywordNames.size());
        }

        /** Keyword arguments in order; the module gets them as {@link Keywords}, last of its arguments. */
        public Map<String, Object> keywords() {
            List<Object> all = withKeywords(arguments());
            return keywordNames.isEmpty() ? Map.of() : ((Keywords) all.get(all.size() - 1)).values();
        }

        /** Values of all arguments as the module takes them: keyword arguments gathered in {@link Keywords}. */
        List<Object> withKeywords(List<Object> values) {
            if (keywordNames.isEmpty()) {
                return values;
            }
            int first = values.size() - keywordNames.size();
            Map<String, Object> keywords = new LinkedHashMap<>();
            for (int i = 0; i < keywordNames.size(); i++) {
                keywords.put(keywordNames.get(i), values.get(first + i));
            }
            List<Object> all = new ArrayList<>(values.subList(0, first));
            all.add(new Keywords(keywords));
            return all;
        }

        @Override
        Node copy(UnaryOperator<Object> arguments) {
            return new CallModule(name(), origin(), path, mapped(arguments), keywordNames);
        }
    }

    /** An operator. Arguments are its tensors, then the nodes its integers are bound to. */
    public static final class CallOp extends Node {
        private final Op op;
        private final Signature signature;
        private final int tensorCount;
        private final boolean functionCall;
        private final List<Integer> boundIntegers;

        CallOp(String name, String origin, Op op, Signature signature, List<Node> tensors, Map<Integer, Node> sizes,
               boolean functionCall) {
            super(name, origin, joined(tensors, new TreeMap<>(sizes)));
            this.op = op;
            this.signature = signature;
            this.tensorCount = tensors.size();
            this.functionCall = functionCall;
            this.boundIntegers = List.copyOf(new TreeMap<>(sizes).keySet());
        }

        private static List<Object> joined(List<Node> tensors, Map<Integer, Node> sizes) {
            List<Object> all = new ArrayList<>(tensors);
            all.addAll(sizes.values());
            return all;
        }

        @Override
        Node copy(UnaryOperator<Object> arguments) {
            List<Object> all = mapped(arguments);
            Map<Integer, Node> sizes = new TreeMap<>();
            for (int i = 0; i < boundIntegers.size(); i++) {
                sizes.put(boundIntegers.get(i), (Node) all.get(tensorCount + i));
            }
            return new CallOp(name(), origin(), op, signature,
                    all.subList(0, tensorCount).stream().map(Node.class::cast).toList(), sizes, functionCall);
        }

        /** The operator as it was traced. */
        public Op op() {
            return op;
        }

        /** How the call is written. */
        public Signature signature() {
            return signature;
        }

        /** What is called, without its module: {@code relu}, {@code truediv}, {@code view}. */
        public String functionName() {
            return PythonCode.lastPart(signature.target());
        }

        /** Number of tensors among the arguments; they come first. */
        public int tensorCount() {
            return tensorCount;
        }

        /** Whether it was written as a function call rather than as a method of its first tensor. */
        public boolean isFunctionCall() {
            return functionCall;
        }

        /** Index among the operator's integers of each argument after the tensors. */
        public List<Integer> boundIntegers() {
            return boundIntegers;
        }

        /** The operator with its bound integers set to {@code sizes}, in the order of {@link #boundIntegers()}. */
        public Op bind(List<Long> sizes) {
            if (boundIntegers.isEmpty()) {
                return op;
            }
            Rebindable rebindable = (Rebindable) op;
            List<Long> integers = new ArrayList<>(rebindable.integers());
            for (int i = 0; i < sizes.size(); i++) {
                integers.set(boundIntegers.get(i), sizes.get(i));
            }
            return rebindable.withIntegers(integers);
        }

        /** Arguments as they are written in Python: nodes, literals and lists, in the order of the signature. */
        public List<Object> writtenArguments() {
            List<Object> written = new ArrayList<>();
            for (Object argument : signature.arguments()) {
                if (argument instanceof Signature.Input input && input.index() < 0) {
                    written.addAll(arguments().subList(0, tensorCount));
                } else {
                    written.add(resolved(argument));
                }
            }
            return written;
        }

        /** Keyword arguments as they are written in Python: nodes, literals and lists. */
        public Map<String, Object> writtenKeywords() {
            Map<String, Object> written = new LinkedHashMap<>();
            signature.keywords().forEach((name, value) -> written.put(name, resolved(value)));
            return written;
        }

        private Object resolved(Object argument) {
            if (argument instanceof Signature.InputList) {
                return List.copyOf(arguments().subList(0, tensorCount));
            }
            if (argument instanceof Signature.Input input) {
                return arguments().get(input.index());
            }
            if (argument instanceof List<?> list) {
                return list.stream().map(this::resolved).toList(); // lists nest no deeper than they are written
            }
            if (argument instanceof Signature.IntegerAttribute integer) {
                int bound = boundIntegers.indexOf(integer.index());
                return bound < 0 ? ((Rebindable) op).integers().get(integer.index())
                        : arguments().get(tensorCount + bound);
            }
            return argument;
        }
    }

    /** All sizes of a tensor. */
    public static final class ReadShape extends Node {
        private final boolean method;

        ReadShape(String name, String origin, Node tensor, boolean method) {
            super(name, origin, List.of(tensor));
            this.method = method;
        }

        /** Whether it is written {@code x.size()} rather than {@code x.shape}. */
        public boolean isMethod() {
            return method;
        }

        @Override
        Node copy(UnaryOperator<Object> arguments) {
            return new ReadShape(name(), origin(), (Node) mapped(arguments).get(0), method);
        }
    }

    /** One size out of a {@link ReadShape}, or of a tensor. */
    public static final class ReadSize extends Node {
        ReadSize(String name, String origin, Node shape, int axis) {
            super(name, origin, List.of(shape, (long) axis));
        }

        @Override
        Node copy(UnaryOperator<Object> arguments) {
            return new ReadSize(name(), origin(), (Node) mapped(arguments).get(0), axis());
        }

        /** Whether it is written {@code x.size(0)}: its argument is then the tensor. */
        public boolean isMethod() {
            return !(arguments().get(0) instanceof ReadShape);
        }

        /** Which size. */
        public int axis() {
            return (int) (long) (Long) arguments().get(1);
        }
    }

    /** A size times a number. */
    public static final class ScaleSize extends Node {
        ScaleSize(String name, String origin, Node size, long factor) {
            super(name, origin, List.of(size, factor));
        }

        @Override
        Node copy(UnaryOperator<Object> arguments) {
            return new ScaleSize(name(), origin(), (Node) mapped(arguments).get(0), factor());
        }

        /** The number. */
        public long factor() {
            return (Long) arguments().get(1);
        }
    }

    /** One tensor out of several that a step gave. */
    public static final class GetItem extends Node {
        GetItem(String name, String origin, Node tuple, int index) {
            super(name, origin, List.of(tuple, (long) index));
        }

        @Override
        Node copy(UnaryOperator<Object> arguments) {
            return new GetItem(name(), origin(), (Node) mapped(arguments).get(0), index());
        }

        /** Which tensor. */
        public int index() {
            return (int) (long) (Long) arguments().get(1);
        }
    }

    /** What the graph returns. */
    public static final class Output extends Node {
        Output(List<?> arguments) {
            super("output", "", arguments);
        }

        @Override
        Node copy(UnaryOperator<Object> arguments) {
            return new Output(mapped(arguments));
        }
    }
}
