package org.bitgrid.quant.functional;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.bitgrid.nn.graph.Keywords;
import org.bitgrid.tensor.ShapeException;
import org.bitgrid.tensor.Tensor;

/** Arguments of a call by position or by keyword, as Python passes them. */
final class CallArguments {
    private final String callee;
    private final List<Object> positional;
    private final Map<String, Object> keywords;

    CallArguments(String callee, List<Object> arguments) {
        this.callee = callee;
        int count = arguments.size();
        boolean named = count > 0 && arguments.get(count - 1) instanceof Keywords;
        positional = named ? arguments.subList(0, count - 1) : arguments;
        keywords = named ? ((Keywords) arguments.get(count - 1)).values() : Map.of();
    }

    /** All arguments given by position. */
    List<Object> positional() {
        return positional;
    }

    /** The argument at this position or of this name, or null. */
    Object value(int index, String name) {
        return index < positional.size() ? positional.get(index) : keywords.get(name);
    }

    /** The tensor at this position or of this name. */
    Tensor tensor(int index, String name) {
        Tensor tensor = optionalTensor(index, name);
        if (tensor == null) {
            throw fault(name, "a tensor", null);
        }
        return tensor;
    }

    /** The tensor at this position or of this name, or null. */
    Tensor optionalTensor(int index, String name) {
        Object value = value(index, name);
        if (value != null && !(value instanceof Tensor)) {
            throw fault(name, "a tensor", value);
        }
        return (Tensor) value;
    }

    /** The number at this position or of this name. */
    double number(int index, String name, double otherwise) {
        Object value = value(index, name);
        if (value == null) {
            return otherwise;
        }
        if (!(value instanceof Number number)) {
            throw fault(name, "a number", value);
        }
        return number.doubleValue();
    }

    /** The integer at this position or of this name. */
    int integer(int index, String name, int otherwise) {
        List<Integer> values = integers(index, name);
        if (values.size() > 1) {
            throw fault(name, "one integer", values);
        }
        return values.isEmpty() ? otherwise : values.get(0);
    }

    /** The integers at this position or of this name, one or several; none when absent or None. */
    List<Integer> integers(int index, String name) {
        Object value = value(index, name);
        List<Integer> integers = new ArrayList<>();
        for (Object element : value == null ? List.of() : value instanceof List<?> list ? list : List.of(value)) {
            if (!(element instanceof Long || element instanceof Integer)) {
                throw fault(name, "integers", value);
            }
            integers.add(Math.toIntExact(((Number) element).longValue()));
        }
        return integers;
    }

    /** The boolean at this position or of this name. */
    boolean flag(int index, String name, boolean otherwise) {
        Object value = value(index, name);
        if (value != null && !(value instanceof Boolean)) {
            throw fault(name, "a boolean", value);
        }
        return value == null ? otherwise : (Boolean) value;
    }

    /** The string at this position or of this name. */
    String text(int index, String name, String otherwise) {
        Object value = value(index, name);
        if (value != null && !(value instanceof String)) {
            throw fault(name, "a string", value);
        }
        return value == null ? otherwise : (String) value;
    }

    ShapeException fault(String name, String expected, Object value) {
        return new ShapeException(callee, "argument " + name + " must be " + expected + "; got "
                + (value == null ? "nothing" : value));
    }
}
