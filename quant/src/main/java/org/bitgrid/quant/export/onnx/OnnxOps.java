package org.bitgrid.quant.export.onnx;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.bitgrid.nn.graph.GraphException;
import org.bitgrid.tensor.op.Op;
import org.bitgrid.tensor.op.ParametricPointwise;
import org.bitgrid.tensor.op.Pointwise1;
import org.bitgrid.tensor.op.Pointwise2;
import org.bitgrid.tensor.op.PointwiseScalar;

/**
 * The operators that can be exported: one line for each, which writes its steps. Families of pointwise functions have a
 * line for each function. Composed operators without a line are exported as their parts.
 */
final class OnnxOps {
    /** Writes an operator as steps and names its outputs, as many as anyone may use. */
    @FunctionalInterface
    interface Line<O extends Op> {
        List<String> write(O op, OnnxCall call);
    }

    /** A line of an operator with one output. */
    @FunctionalInterface
    interface SingleLine<O extends Op> {
        String write(O op, OnnxCall call);
    }

    /** Lines while they are being collected. */
    static final class Table {
        private final Map<Object, Line<Op>> lines = new LinkedHashMap<>();

        <O extends Op> void line(Class<O> type, SingleLine<O> line) {
            lines(type, (op, call) -> List.of(line.write(op, call)));
        }

        <O extends Op> void lines(Class<O> type, Line<O> line) {
            put(type, (op, call) -> line.write(type.cast(op), call));
        }

        void line(Pointwise1.Kind kind, SingleLine<Op> line) {
            put(kind, (op, call) -> List.of(line.write(op, call)));
        }

        void line(ParametricPointwise.Kind kind, SingleLine<ParametricPointwise> line) {
            put(kind, (op, call) -> List.of(line.write((ParametricPointwise) op, call)));
        }

        void line(Pointwise2.Kind kind, SingleLine<Op> line) {
            put(kind, (op, call) -> List.of(line.write(op, call)));
        }

        private void put(Object key, Line<Op> line) {
            if (lines.put(key, line) != null) {
                throw new GraphException("onnx export: two lines for " + key);
            }
        }
    }

    private static final Map<Object, Line<Op>> LINES;

    static {
        Table table = new Table();
        OnnxPointwise.register(table);
        OnnxFunctions.register(table);
        OnnxLayers.register(table);
        OnnxPools.register(table);
        OnnxShapes.register(table);
        OnnxReductions.register(table);
        OnnxSelections.register(table);
        LINES = table.lines;
    }

    private OnnxOps() {
    }

    private static Object key(Op op) {
        if (op instanceof Pointwise1 function) {
            return function.kind();
        }
        if (op instanceof ParametricPointwise function) {
            return function.kind();
        }
        if (op instanceof Pointwise2 function) {
            return function.kind();
        }
        return op instanceof PointwiseScalar function ? function.kind() : op.getClass();
    }

    static boolean knows(Op op) {
        return LINES.containsKey(key(op));
    }

    /** Refuses an operator that has no line. */
    static void require(Op op, String scope) {
        if (!knows(op)) {
            throw new GraphException("onnx export: operator " + op.name() + " has no counterpart in ONNX; got "
                    + op.getClass().getSimpleName() + (scope.isEmpty() ? "" : " in module " + scope) + "; expected one"
                    + " of " + names() + "; write the step with these, or leave it out of the exported model");
        }
    }

    /** Writes an operator as steps. */
    static List<String> write(Op op, OnnxCall call) {
        return LINES.get(key(op)).write(op, call);
    }

    /** One name for each line: the class of the operator, and the function of a pointwise one. */
    static Set<String> names() {
        Set<String> names = new TreeSet<>();
        LINES.keySet().forEach(key -> names.add(name(key)));
        return names;
    }

    /** The name of the line of an operator. */
    static String name(Op op) {
        return name(key(op));
    }

    private static String name(Object key) {
        return key instanceof Enum<?> function
                ? function.getDeclaringClass().getEnclosingClass().getSimpleName() + "." + function.name()
                : ((Class<?>) key).getSimpleName();
    }

    /** A list of the same number. */
    static List<Long> repeated(long value, int count) {
        List<Long> values = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            values.add(value);
        }
        return values;
    }
}
