package org.bitgrid.nn;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.bitgrid.nn.io.JsonValue;
import org.bitgrid.tensor.DType;
import org.bitgrid.tensor.Shape;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.op.Reduction;

/**
 * One operator case of {@code ops.json} with its tensors.
 *
 * @param description the case in the JSON
 * @param tensors     everything in {@code ops.safetensors}, by {@code CASE/TENSOR}
 */
record GoldenCase(JsonValue description, Map<String, Tensor> tensors) {
    String name() {
        return description.get("name").asString();
    }

    String op() {
        return description.get("op").asString();
    }

    List<String> inputs() {
        return description.get("inputs").asStrings();
    }

    List<String> outputs() {
        return description.get("outputs").asStrings();
    }

    /** Names of the inputs whose gradients are known. */
    List<String> grads() {
        return description.get("grads").asStrings();
    }

    /** A tensor of the case, or null. */
    Tensor tensor(String name) {
        return tensors.get(name() + "/" + name);
    }

    /** The inputs in order, floating-point ones of this type. */
    Tensor[] inputs(DType type) {
        return inputs().stream().map(name -> {
            Tensor input = tensor(name);
            return input.dtype().isFloating() ? input.to(type).clone() : input;
        }).toArray(Tensor[]::new);
    }

    /** Upstream gradients of the outputs that have one, by output index. */
    List<Tensor> seeds(DType type) {
        List<Tensor> seeds = new ArrayList<>();
        for (String output : outputs()) {
            Tensor seed = tensor("grad_" + output);
            seeds.add(seed == null ? null : seed.to(type));
        }
        return seeds;
    }

    boolean has(String attribute) {
        return description.get("attrs").has(attribute) && !description.get("attrs").get(attribute).isNull();
    }

    private JsonValue attribute(String name) {
        return description.get("attrs").get(name);
    }

    int integer(String name) {
        return attribute(name).asInt();
    }

    double number(String name) {
        return attribute(name).asDouble();
    }

    boolean flag(String name) {
        return has(name) && attribute(name).asBoolean();
    }

    String text(String name) {
        return attribute(name).asString();
    }

    /** A list of integers. */
    List<Integer> integers(String name) {
        return Arrays.stream(attribute(name).asInts()).boxed().toList();
    }

    int[] sizes(String name) {
        return attribute(name).asInts();
    }

    /** Two sizes, of which both are the number when only one is given. */
    int[] pair(String name) {
        if (attribute(name).isArray()) {
            return attribute(name).asInts();
        }
        return new int[] {integer(name), integer(name)};
    }

    Shape shape(String name) {
        return Shape.of(sizes(name));
    }

    /** The loss's reduction, the mean by default. */
    Reduction reduction() {
        return has("reduction") ? Reduction.valueOf(text("reduction").toUpperCase(Locale.ROOT))
                : Reduction.MEAN;
    }
}
