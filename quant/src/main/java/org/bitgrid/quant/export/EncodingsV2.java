package org.bitgrid.quant.export;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.bitgrid.nn.io.JsonValue;
import org.bitgrid.quant.encoding.BlockGrouping;
import org.bitgrid.quant.encoding.FloatFormat;
import org.bitgrid.quant.encoding.Grid;
import org.bitgrid.tensor.Shape;

/**
 * Encodings of versions 2.0.0 and 2.1.0: one object for each tensor, in the terms of ONNX's QuantizeLinear. Scales of
 * blocks that are multiples of one scale stand in two lists in 2.0.0, and in 2.1.0 as scales that are quantized
 * themselves.
 */
final class EncodingsV2 {
    private static final Set<String> FIELDS = Set.of("name", "output_dtype", "y_scale", "y_zero_point", "axis",
            "block_size", "per_block_int_scale", "per_channel_float_scale");
    private static final Set<String> SCALE_FIELDS = Set.of("x", "x_scale", "x_zero_point", "input_dtype", "axis",
            "block_size");

    private EncodingsV2() {
    }

    static Map<String, Object> write(NamedEncoding named, EncodingsVersion version) {
        FileEncoding encoding = named.encoding();
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("name", named.name());
        fields.put("output_dtype", OutputTypes.name(named));
        if (encoding.grouping() == null) {
            fields.put("y_scale", nested(encoding.scale(), encoding.shape()));
        } else if (version == EncodingsVersion.V2_0_0) {
            fields.put("per_block_int_scale", nested(encoding.grouping().integerScale(), encoding.shape()));
            fields.put("per_channel_float_scale", groupScale(encoding.grouping()));
        } else {
            fields.put("y_scale", quantizedScale(encoding));
        }
        zeroPoint(encoding).ifPresent(zero -> fields.put("y_zero_point", zero));
        if (encoding.axis() >= 0) {
            fields.put("axis", encoding.axis());
        }
        if (encoding.blockSize() > 0) {
            fields.put("block_size", encoding.blockSize());
        }
        return fields;
    }

    private static Optional<Object> zeroPoint(FileEncoding encoding) {
        if (encoding.isFloat()) {
            return Optional.empty();
        }
        Grid grid = encoding.grid();
        if (encoding.zeroPointShift() != 0) {
            List<Double> zeros = encoding.lowest().stream()
                    .map(lowest -> grid.qmin() - lowest - encoding.zeroPointShift()).toList();
            return Optional.of(nested(zeros, encoding.shape()));
        }
        List<Long> zeros = encoding.lowest().stream().map(lowest -> grid.qmin() - lowest).toList();
        return zeros.stream().allMatch(zero -> zero == 0) ? Optional.empty()
                : Optional.of(nested(zeros, encoding.shape()));
    }

    private static Map<String, Object> quantizedScale(FileEncoding encoding) {
        BlockGrouping grouping = encoding.grouping();
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("x", nested(grouping.integerScale(), encoding.shape()));
        fields.put("x_scale", groupScale(grouping));
        Shape groups = grouping.groupShape();
        int axis = channelAxis(groups);
        if (axis >= 0) {
            fields.put("axis", axis);
        } else if (groups.numel() > 1) {
            fields.put("axis", encoding.axis());
            fields.put("block_size", encoding.shape().dim(encoding.axis()) / groups.dim(encoding.axis()));
        }
        return fields;
    }

    /** A number for one group, a list along one dimension, nested lists else. */
    private static Object groupScale(BlockGrouping grouping) {
        if (grouping.groupShape().numel() == 1) {
            return grouping.groupScale().get(0);
        }
        return channelAxis(grouping.groupShape()) >= 0 ? grouping.groupScale()
                : nested(grouping.groupScale(), grouping.groupShape());
    }

    /** The only dimension with several sizes, or -1. */
    private static int channelAxis(Shape shape) {
        int axis = -1;
        for (int i = 0; i < shape.rank(); i++) {
            if (shape.dim(i) > 1) {
                if (axis >= 0) {
                    return -1;
                }
                axis = i;
            }
        }
        return axis;
    }

    /** Numbers as lists within lists; without dimensions as the number itself. */
    private static Object nested(List<? extends Number> values, Shape shape) {
        if (shape.rank() == 0) {
            return values.get(0);
        }
        List<?> level = values;
        for (int i = shape.rank() - 1; i > 0; i--) {
            List<Object> outer = new ArrayList<>();
            for (int start = 0; start < level.size(); start += shape.dim(i)) {
                outer.add(List.copyOf(level.subList(start, start + shape.dim(i))));
            }
            level = outer;
        }
        return level;
    }

    // ------------------------------------------------------------------ reading

    static NamedEncoding read(JsonValue json, EncodingsVersion version) {
        EncodingFields.allow(json, FIELDS);
        String name = json.get("name").asString();
        JsonValue type = json.get("output_dtype");
        FloatFormat format = OutputTypes.format(type.asString());
        int bitwidth = format != null ? format.bitwidth() : OutputTypes.bits(type);
        int axis = json.find("axis").map(EncodingsV2::axis).orElse(-1);
        int blockSize = json.find("block_size").map(EncodingFields::positive).orElse(0);
        Scales scales = scales(json, version, bitwidth, format == null);
        if (scales.shape.rank() > 0 && axis < 0) {
            throw json.error("has several scales; expected an axis");
        }
        if (format != null) {
            return new NamedEncoding(name, new FileEncoding(true, bitwidth, true, Optional.empty(), scales.values,
                    List.of(), scales.shape, axis, blockSize, null, format, 0));
        }
        boolean signed = type.asString().startsWith("int");
        List<Double> zeros = zeroPoints(json, scales.shape);
        double shift = zeros.get(0) == Math.rint(zeros.get(0)) ? 0 : 0.5;
        long qmin = Grid.ofBits(bitwidth, signed).qmin();
        List<Long> lowest = new ArrayList<>();
        for (double zero : zeros) {
            double exact = qmin - zero - shift;
            if (exact != Math.rint(exact) || exact > 0 || exact < -((1L << bitwidth) - 1)) {
                throw json.get("y_zero_point").error("must lie on the grid of " + type.asString() + "; got " + zero);
            }
            lowest.add((long) exact);
        }
        boolean symmetric = signed && zeros.stream().allMatch(zero -> zero == 0 || zero == -0.5);
        return new NamedEncoding(name, new FileEncoding(false, bitwidth, symmetric, Optional.of(signed), scales.values,
                lowest, scales.shape, axis, blockSize, scales.grouping, null, shift));
    }

    private record Scales(List<Float> values, Shape shape, BlockGrouping grouping) {
    }

    private static Scales scales(JsonValue json, EncodingsVersion version, int bitwidth, boolean integer) {
        boolean split = json.has("per_block_int_scale");
        if (split == json.has("y_scale")) {
            throw json.error("must have either \"y_scale\" or \"per_block_int_scale\"");
        }
        if (split) {
            return grouped(json.get("per_block_int_scale"), json.get("per_channel_float_scale"), bitwidth);
        }
        JsonValue scale = json.get("y_scale");
        if (!scale.isObject()) {
            NestedNumbers numbers = NestedNumbers.of(scale);
            return new Scales(numbers.items().stream().map(EncodingFields::scale).toList(), numbers.shape(), null);
        }
        if (version != EncodingsVersion.V2_1_0) {
            throw scale.error("is quantized itself, which version " + version + " does not know; expected numbers");
        }
        EncodingFields.allow(scale, SCALE_FIELDS);
        if (scale.has("x_zero_point")) {
            throw scale.error("has a zero point; only scales without are supported");
        }
        boolean integers = scale.find("input_dtype").map(type -> OutputTypes.format(type.asString()) == null)
                .orElse(true);
        if (integer && integers) {
            return grouped(scale.get("x"), scale.get("x_scale"), bitwidth);
        }
        NestedNumbers numbers = NestedNumbers.of(scale.get("x"));
        float factor = EncodingFields.scale(scale.get("x_scale"));
        return new Scales(numbers.items().stream().map(item -> EncodingFields.scale(item) * factor).toList(),
                numbers.shape(), null);
    }

    private static Scales grouped(JsonValue multiples, JsonValue groups, int bitwidth) {
        NestedNumbers blocks = NestedNumbers.of(multiples);
        NestedNumbers scale = NestedNumbers.of(groups);
        List<Integer> integers = blocks.items().stream().map(EncodingFields::positive).toList();
        List<Float> groupScale = scale.items().stream().map(EncodingFields::scale).toList();
        Shape shape = blocks.shape();
        Shape groupShape = scale.shape().rank() == shape.rank() ? scale.shape()
                : ones(shape, groupScale.size(), groups);
        List<Integer> grouping = new ArrayList<>();
        for (int i = 0; i < shape.rank(); i++) {
            if (groupShape.dim(i) == 0 || shape.dim(i) % groupShape.dim(i) != 0) {
                throw groups.error("must divide the shape of the blocks; got " + groupShape + " for " + shape);
            }
            grouping.add(shape.dim(i) / groupShape.dim(i));
        }
        List<Float> values = new ArrayList<>();
        int largest = 1;
        for (int i = 0; i < integers.size(); i++) {
            values.add(integers.get(i) * groupScale.get(group(i, shape, groupShape)));
            largest = Math.max(largest, integers.get(i));
        }
        // The bits that a code times its integer scale needs are those of the largest one; a group has one of these.
        int more = Integer.SIZE - Integer.numberOfLeadingZeros(largest - 1);
        return new Scales(values, shape,
                new BlockGrouping(bitwidth + more, grouping, groupShape, groupScale, integers));
    }

    private static Shape ones(Shape shape, int groups, JsonValue place) {
        if (shape.rank() == 0 || shape.dim(0) != groups && groups != 1) {
            throw place.error("must have one scale for each channel; got " + groups + " for blocks " + shape);
        }
        int[] dims = new int[shape.rank()];
        Arrays.fill(dims, 1);
        dims[0] = groups;
        return Shape.of(dims);
    }

    private static int group(int index, Shape shape, Shape groups) {
        int rest = index;
        int group = 0;
        int stride = 1;
        for (int i = shape.rank() - 1; i >= 0; i--) {
            int place = rest % shape.dim(i);
            rest /= shape.dim(i);
            group += place / (shape.dim(i) / groups.dim(i)) * stride;
            stride *= groups.dim(i);
        }
        return group;
    }

    private static List<Double> zeroPoints(JsonValue json, Shape shape) {
        JsonValue list = json.find("y_zero_point").filter(value -> !value.isNull()).orElse(null);
        int count = (int) shape.numel();
        if (list == null) {
            return Collections.nCopies(count, 0.0);
        }
        NestedNumbers numbers = NestedNumbers.of(list);
        if (!numbers.shape().equals(shape)) {
            throw list.error("must have the shape of the scales; got " + numbers.shape() + "; expected " + shape);
        }
        return numbers.items().stream().map(JsonValue::asDouble).toList();
    }

    private static int axis(JsonValue json) {
        int axis = json.asInt();
        if (axis < 0) {
            throw json.error("must not be negative; got " + axis);
        }
        return axis;
    }
}
