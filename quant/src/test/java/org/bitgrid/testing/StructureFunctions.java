package org.bitgrid.testing;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.bitgrid.nn.graph.WrittenCall;
import org.bitgrid.tensor.Dispatch;
import org.bitgrid.tensor.Shape;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.op.AdaptiveAvgPool2d;
import org.bitgrid.tensor.op.AvgPool2d;
import org.bitgrid.tensor.op.Cat;
import org.bitgrid.tensor.op.CumSum;
import org.bitgrid.tensor.op.Flatten;
import org.bitgrid.tensor.op.Glu;
import org.bitgrid.tensor.op.Interpolate;
import org.bitgrid.tensor.op.LogSoftmax;
import org.bitgrid.tensor.op.MaskedFill;
import org.bitgrid.tensor.op.MatMul;
import org.bitgrid.tensor.op.MatrixProduct;
import org.bitgrid.tensor.op.MaxPool2d;
import org.bitgrid.tensor.op.Norm;
import org.bitgrid.tensor.op.Op;
import org.bitgrid.tensor.op.Pad;
import org.bitgrid.tensor.op.ParametricPointwise;
import org.bitgrid.tensor.op.Pointwise1;
import org.bitgrid.tensor.op.Pointwise2;
import org.bitgrid.tensor.op.PointwiseScalar;
import org.bitgrid.tensor.op.Reduce;
import org.bitgrid.tensor.op.Signature;
import org.bitgrid.tensor.op.Softmax;
import org.bitgrid.tensor.op.Where;
import org.bitgrid.tensor.op.Window2d;

/** Runs the functions and methods that {@code structure.nodes} calls, by their names in Python. */
final class StructureFunctions {
    /** One function. */
    private interface Call {
        Object run(Arguments arguments);
    }

    private static final Map<String, Call> CALLS = new HashMap<>();

    private StructureFunctions() {
    }

    static {
        for (Pointwise2.Kind kind : Pointwise2.Kind.values()) {
            if (!kind.name().endsWith("_GRAD")) {
                CALLS.put(kind.label(), a -> pointwise(kind, a));
            }
        }
        CALLS.put("div", CALLS.get("truediv"));
        CALLS.put("subtract", CALLS.get("sub"));
        for (Pointwise1.Kind kind : Pointwise1.Kind.values()) {
            CALLS.put(kind.name().toLowerCase(Locale.ROOT), a -> a.dispatch(new Pointwise1(kind), a.tensor(0)));
        }
        CALLS.put("gelu", a -> a.dispatch(new Pointwise1("tanh".equals(a.at(1, "approximate"))
                ? Pointwise1.Kind.GELU_TANH : Pointwise1.Kind.GELU), a.tensor(0)));
        for (Reduce.Kind kind : Reduce.Kind.values()) {
            CALLS.put(kind.name().toLowerCase(Locale.ROOT), a -> a.dispatch(new Reduce(kind, a.integers(1, "dim"),
                    Boolean.TRUE.equals(a.at(2, "keepdim"))), a.tensor(0)));
        }
        parametric("leaky_relu", ParametricPointwise.Kind.LEAKY_RELU, "negative_slope", 0.01, "", 0);
        parametric("elu", ParametricPointwise.Kind.ELU, "alpha", 1, "", 0);
        parametric("celu", ParametricPointwise.Kind.CELU, "alpha", 1, "", 0);
        parametric("hardtanh", ParametricPointwise.Kind.HARDTANH, "min_val", -1, "max_val", 1);
        parametric("softplus", ParametricPointwise.Kind.SOFTPLUS, "beta", 1, "threshold", 20);
        parametric("threshold", ParametricPointwise.Kind.THRESHOLD, "threshold", 0, "value", 0);
        parametric("hardshrink", ParametricPointwise.Kind.HARDSHRINK, "lambd", 0.5, "", 0);
        parametric("softshrink", ParametricPointwise.Kind.SOFTSHRINK, "lambd", 0.5, "", 0);
        parametric("clamp", ParametricPointwise.Kind.CLAMP, "min", Double.NEGATIVE_INFINITY, "max",
                Double.POSITIVE_INFINITY);
        CALLS.put("log_sigmoid", a -> a.dispatch(new Pointwise1(Pointwise1.Kind.LOGSIGMOID), a.tensor(0)));
        CALLS.put("glu", a -> a.dispatch(new Glu(a.integer(1, "dim", -1)), a.tensor(0)));
        CALLS.put("norm", a -> a.dispatch(new Norm(a.number(1, "p", 2), a.integers(2, "dim"),
                Boolean.TRUE.equals(a.at(3, "keepdim"))), a.tensor(0)));
        CALLS.put("cumsum", a -> a.dispatch(new CumSum(a.integer(1, "dim", 0), false), a.tensor(0)));
        CALLS.put("pad", a -> a.dispatch(new Pad(a.integers(1, "pad"), Pad.Mode.valueOf(
                String.valueOf(a.at(2, "mode") == null ? "constant" : a.at(2, "mode")).toUpperCase(Locale.ROOT)),
                a.number(3, "value", 0)), a.tensor(0)));
        CALLS.put("interpolate", StructureFunctions::interpolate);
        CALLS.put("where", a -> a.dispatch(new Where(), a.tensor(0), a.tensor(1), a.tensor(2)));
        CALLS.put("masked_fill", a -> a.dispatch(new MaskedFill(a.number(2, "value", 0)), a.tensor(0), a.tensor(1)));
        CALLS.put("bmm", a -> a.dispatch(new MatrixProduct(MatrixProduct.Kind.BMM), a.tensor(0), a.tensor(1)));
        CALLS.put("expand", a -> a.tensor(0).expand(a.sizes()));
        CALLS.put("chunk", a -> a.tensor(0).chunk(a.integer(1, "chunks", 1), a.integer(2, "dim", 0)));
        CALLS.put("split", a -> a.tensor(0).split(a.integer(1, "split_size", 1), a.integer(2, "dim", 0)));
        CALLS.put("dropout", a -> a.tensor(0)); // evaluation
        CALLS.put("softmax", a -> a.dispatch(new Softmax(a.integer(1, "dim", -1)), a.tensor(0)));
        CALLS.put("log_softmax", a -> a.dispatch(new LogSoftmax(a.integer(1, "dim", -1)), a.tensor(0)));
        CALLS.put("matmul", a -> a.dispatch(new MatMul(), a.tensor(0), a.tensor(1)));
        CALLS.put("cat", a -> a.dispatch(new Cat(a.integer(1, "dim", 0)),
                ((List<?>) a.at(0, "tensors")).toArray(Tensor[]::new)));
        CALLS.put("flatten", a -> a.dispatch(new Flatten(a.integer(1, "start_dim", 0), a.integer(2, "end_dim", -1)),
                a.tensor(0)));
        CALLS.put("view", a -> a.tensor(0).view(a.sizes()));
        CALLS.put("reshape", a -> a.tensor(0).reshape(a.sizes()));
        CALLS.put("permute", a -> a.tensor(0).permute(a.sizes()));
        CALLS.put("transpose", a -> a.tensor(0).transpose(a.integer(1, "dim0", 0), a.integer(2, "dim1", 0)));
        CALLS.put("unsqueeze", a -> a.tensor(0).unsqueeze(a.integer(1, "dim", 0)));
        CALLS.put("squeeze", a -> a.tensor(0).squeeze(a.integer(1, "dim", 0)));
        CALLS.put("contiguous", a -> a.tensor(0));
        CALLS.put("max_pool2d", a -> ((Tensor) a.dispatch(new MaxPool2d(window(a, 4),
                Boolean.TRUE.equals(a.at(5, "ceil_mode"))), a.tensor(0))));
        CALLS.put("avg_pool2d", a -> a.dispatch(new AvgPool2d(window(a, -1), Boolean.TRUE.equals(a.at(4, "ceil_mode")),
                !Boolean.FALSE.equals(a.at(5, "count_include_pad")), a.integer(6, "divisor_override", 0)),
                a.tensor(0)));
        CALLS.put("adaptive_avg_pool2d", a -> {
            List<Integer> sizes = a.integers(1, "output_size");
            return a.dispatch(new AdaptiveAvgPool2d(sizes.get(0), sizes.get(sizes.size() - 1)), a.tensor(0));
        });
    }

    private static void parametric(String name, ParametricPointwise.Kind kind, String first, double firstDefault,
                                   String second, double secondDefault) {
        CALLS.put(name, a -> a.dispatch(new ParametricPointwise(kind, a.number(1, first, firstDefault),
                a.number(2, second, secondDefault)), a.tensor(0)));
    }

    private static Object interpolate(Arguments a) {
        Shape shape = a.tensor(0).spec().shape();
        List<Integer> size = a.integers(1, "size");
        double factor = a.number(2, "scale_factor", 1);
        int height = size.isEmpty() ? (int) Math.floor(shape.dim(2) * factor) : size.get(0);
        int width = size.isEmpty() ? (int) Math.floor(shape.dim(3) * factor) : last(size);
        Object mode = a.at(3, "mode");
        return a.dispatch(new Interpolate(height, width, Interpolate.Mode.valueOf(
                (mode == null ? "nearest" : mode.toString()).toUpperCase(Locale.ROOT)),
                Boolean.TRUE.equals(a.at(4, "align_corners"))), a.tensor(0));
    }

    private static Window2d window(Arguments a, int dilationIndex) {
        List<Integer> kernel = a.integers(1, "kernel_size");
        List<Integer> stride = a.integers(2, "stride").isEmpty() ? kernel : a.integers(2, "stride");
        List<Integer> padding = a.integers(3, "padding").isEmpty() ? List.of(0) : a.integers(3, "padding");
        List<Integer> dilation = dilationIndex < 0 || a.integers(dilationIndex, "dilation").isEmpty() ? List.of(1)
                : a.integers(dilationIndex, "dilation");
        return new Window2d(kernel.get(0), last(kernel), stride.get(0), last(stride), padding.get(0), last(padding),
                dilation.get(0), last(dilation));
    }

    private static int last(List<Integer> sizes) {
        return sizes.get(sizes.size() - 1);
    }

    private static Object pointwise(Pointwise2.Kind kind, Arguments a) {
        Object first = a.at(0, "input");
        Object second = a.at(1, "other");
        if (first instanceof Long x && second instanceof Long y && kind == Pointwise2.Kind.MUL) {
            return x * y; // sizes of tensors
        }
        if (first instanceof Tensor x && second instanceof Tensor y) {
            return a.dispatch(new Pointwise2(kind), x, y);
        }
        boolean reversed = second instanceof Tensor;
        Number number = (Number) (reversed ? first : second);
        return a.dispatch(new PointwiseScalar(kind, number.doubleValue(), number instanceof Long, reversed),
                (Tensor) (reversed ? second : first));
    }

    /**
     * Runs a function.
     *
     * @param method    whether it was written as a method of its first argument
     * @param arguments tensors, shapes, numbers, booleans, strings, lists of these, and null for None
     */
    static Object run(String target, boolean method, List<Object> arguments, Map<String, Object> keywords) {
        Call call = CALLS.get(target);
        if (call == null) {
            throw new IllegalArgumentException("no function is known for " + target + "; add it to StructureFunctions");
        }
        return call.run(new Arguments(method, arguments, keywords));
    }

    /** Arguments of one call. */
    private record Arguments(boolean method, List<Object> positional, Map<String, Object> keywords) {
        Object at(int index, String name) {
            return index < positional.size() ? positional.get(index) : keywords.get(name);
        }

        Tensor tensor(int index) {
            return (Tensor) positional.get(index);
        }

        double number(int index, String name, double otherwise) {
            Object value = at(index, name);
            return value == null ? otherwise : ((Number) value).doubleValue();
        }

        int integer(int index, String name, int otherwise) {
            List<Integer> values = integers(index, name);
            return values.isEmpty() ? otherwise : values.get(0);
        }

        List<Integer> integers(int index, String name) {
            Object value = at(index, name);
            List<Integer> integers = new ArrayList<>();
            for (Object element : value == null ? List.of() : value instanceof List<?> list ? list : List.of(value)) {
                integers.add(Math.toIntExact((Long) element));
            }
            return integers;
        }

        /** All arguments after the first, spread out or in one list, as ints. */
        int[] sizes() {
            Object second = positional.get(1);
            List<?> values = second instanceof List<?> list ? list : positional.subList(1, positional.size());
            return values.stream().mapToInt(value -> Math.toIntExact((Long) value)).toArray();
        }

        /** Runs an operator and lets tracers know how the call was written. */
        Object dispatch(Op op, Tensor... tensors) {
            List<Object> written = new ArrayList<>();
            positional.forEach(argument -> written.add(written(argument, tensors)));
            Map<String, Object> named = new LinkedHashMap<>();
            keywords.forEach((name, argument) -> named.put(name, written(argument, tensors)));
            try (var scope = WrittenCall.as(written, named)) {
                return method ? Dispatch.apply(op, tensors) : Dispatch.function(op, tensors);
            }
        }

        private static Object written(Object argument, Tensor[] tensors) {
            if (argument instanceof Tensor) {
                return new Signature.Input(Arrays.asList(tensors).indexOf(argument));
            }
            if (argument instanceof List<?> list) {
                List<Object> elements = new ArrayList<>();
                list.forEach(element -> elements.add(written(element, tensors)));
                return elements;
            }
            return argument;
        }
    }

    /** {@code shape[axis]}. */
    static Object size(Shape shape, int axis) {
        return (long) shape.dim(axis < 0 ? axis + shape.rank() : axis);
    }
}
