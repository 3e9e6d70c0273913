package org.bitgrid.quant.aimet;

import java.util.ArrayList;
import java.util.List;
import org.bitgrid.nn.io.JsonValue;
import org.bitgrid.tensor.DType;
import org.bitgrid.tensor.Shape;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.Tensors;

/** One case from AIMET's own tests: inputs and what is expected of them. */
record GivenCase(JsonValue json) {
    String area() {
        return json.get("area").asString();
    }

    String description() {
        return json.get("description").asString();
    }

    JsonValue input(String name) {
        return json.get("inputs").get(name);
    }

    boolean has(String input) {
        return json.get("inputs").has(input);
    }

    JsonValue expected(String name) {
        return json.get("expected").get(name);
    }

    boolean expects(String name) {
        return json.get("expected").has(name);
    }

    double number(String name) {
        return input(name).asDouble();
    }

    boolean flag(String name) {
        return input(name).asBoolean();
    }

    int bitwidth() {
        return input("bitwidth").asInt();
    }

    Tensor tensor(String name) {
        return tensorOf(input(name));
    }

    /** Nested lists of numbers, of "inf" and "-inf", or one number, as FLOAT32. */
    static Tensor tensorOf(JsonValue value) {
        List<Integer> dims = new ArrayList<>();
        for (JsonValue level = value; level.isArray(); level = level.get(0)) {
            dims.add(level.size());
        }
        List<Float> numbers = new ArrayList<>();
        collect(value, numbers);
        float[] floats = new float[numbers.size()];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = numbers.get(i);
        }
        return Tensors.of(floats, dims.stream().mapToInt(Integer::intValue).toArray());
    }

    private static void collect(JsonValue value, List<Float> into) {
        if (value.isArray()) {
            value.items().forEach(item -> collect(item, into));
        } else if (value.isString()) {
            into.add(switch (value.asString()) {
                case "inf" -> Float.POSITIVE_INFINITY;
                case "-inf" -> Float.NEGATIVE_INFINITY;
                default -> throw new AssertionError("not a number: " + value);
            });
        } else {
            into.add((float) value.asDouble());
        }
    }

    static float[] floats(JsonValue value) {
        return tensorOf(value).toFloatArray();
    }

    /** {@code count} numbers first, first + step, … as FLOAT32. */
    static Tensor range(double first, double step, int count) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) (first + i * step);
        }
        return Tensors.of(values, count);
    }

    static Tensor full(double value, int... dims) {
        return Tensors.full(Shape.of(dims), value, DType.FLOAT32);
    }
}
