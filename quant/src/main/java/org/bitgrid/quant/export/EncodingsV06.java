package org.bitgrid.quant.export;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.bitgrid.nn.io.JsonValue;
import org.bitgrid.quant.encoding.EncodingMath;
import org.bitgrid.quant.encoding.Grid;
import org.bitgrid.tensor.Shape;

/**
 * Encodings of versions 0.6.1 and 0.6.2: one object for each scale, with the ends of the range, truth as text, and the
 * code of the lowest number as offset.
 */
final class EncodingsV06 {
    private static final Set<String> FIELDS = Set.of("bitwidth", "dtype", "is_symmetric", "max", "min", "offset",
            "scale");
    /** How far the ends may be from what scale and offset say, in steps: rounding, and nothing else. */
    private static final double LARGEST_DIFFERENCE = 0.01;

    private EncodingsV06() {
    }

    /** One object for each scale. */
    static List<Map<String, Object>> write(FileEncoding encoding) {
        List<Map<String, Object>> all = new ArrayList<>();
        if (encoding.isFloat()) {
            Map<String, Object> fields = new LinkedHashMap<>();
            fields.put("bitwidth", encoding.bitwidth());
            fields.put("dtype", "float");
            all.add(fields);
            return all;
        }
        Grid grid = Grid.ofBits(encoding.bitwidth(), false);
        for (int i = 0; i < encoding.scale().size(); i++) {
            float scale = encoding.scale().get(i);
            long lowest = encoding.lowest().get(i);
            Map<String, Object> fields = new LinkedHashMap<>();
            fields.put("bitwidth", encoding.bitwidth());
            fields.put("dtype", "int");
            fields.put("is_symmetric", encoding.symmetric() ? "True" : "False");
            fields.put("max", EncodingMath.max(scale, lowest, grid, encoding.zeroPointShift()));
            fields.put("min", EncodingMath.min(scale, lowest, grid, encoding.zeroPointShift()));
            fields.put("offset", lowest);
            fields.put("scale", scale);
            all.add(fields);
        }
        return all;
    }

    /** A list of objects, one for each scale. */
    static FileEncoding read(JsonValue list) {
        if (list.items().isEmpty()) {
            throw list.error("must have at least one encoding");
        }
        FileEncoding first = readOne(list.get(0));
        List<Float> scale = new ArrayList<>(first.scale());
        List<Long> lowest = new ArrayList<>(first.lowest());
        for (int i = 1; i < list.size(); i++) {
            FileEncoding other = readOne(list.get(i));
            if (other.isFloat() || first.isFloat() || other.bitwidth() != first.bitwidth()
                    || other.symmetric() != first.symmetric() || other.zeroPointShift() != first.zeroPointShift()) {
                throw list.get(i).error("must have type, bitwidth and symmetry of the first encoding in its list");
            }
            scale.addAll(other.scale());
            lowest.addAll(other.lowest());
        }
        return scale.size() <= 1 ? first : new FileEncoding(false, first.bitwidth(), first.symmetric(),
                Optional.empty(), scale, lowest, Shape.of(scale.size()), -1, 0, null, null, first.zeroPointShift());
    }

    /** One object. */
    static FileEncoding readOne(JsonValue json) {
        EncodingFields.allow(json, FIELDS);
        int bitwidth = EncodingFields.bitwidth(json.get("bitwidth"));
        JsonValue dtype = json.get("dtype");
        if (dtype.asString().equals("float")) {
            return new FileEncoding(true, bitwidth, true, Optional.empty(), List.of(), List.of(), Shape.SCALAR, -1, 0,
                    null, null, 0);
        }
        if (!dtype.asString().equals("int")) {
            throw dtype.error("must be \"int\" or \"float\"; got " + dtype);
        }
        boolean symmetric = truth(json.get("is_symmetric"));
        float scale = EncodingFields.scale(json.get("scale"));
        long lowest = EncodingFields.lowest(json.get("offset"), bitwidth);
        Grid grid = Grid.ofBits(bitwidth, false);
        double shift = shift(json, scale, lowest, grid);
        return new FileEncoding(false, bitwidth, symmetric, Optional.empty(), List.of(scale), List.of(lowest),
                Shape.SCALAR, -1, 0, null, null, shift);
    }

    /** The shift of the grid that the ends of the range tell; ends that fit none are an error. */
    private static double shift(JsonValue json, float scale, long lowest, Grid grid) {
        for (double shift : new double[] {0, 0.5}) {
            if (fits(json.get("min"), EncodingMath.min(scale, lowest, grid, shift), scale)
                    && fits(json.get("max"), EncodingMath.max(scale, lowest, grid, shift), scale)) {
                return shift;
            }
        }
        throw json.error("has ends that do not fit scale and offset; got min " + json.get("min") + ", max "
                + json.get("max") + "; expected " + EncodingMath.min(scale, lowest, grid, 0) + " and "
                + EncodingMath.max(scale, lowest, grid, 0));
    }

    private static boolean fits(JsonValue json, float expected, float scale) {
        float end = EncodingFields.number(json);
        // Ends of wide grids are rounded to float, which may be more than a step.
        double allowed = Math.max(LARGEST_DIFFERENCE * scale, 4.0 * Math.ulp(expected));
        return Math.abs((double) end - expected) <= allowed;
    }

    private static boolean truth(JsonValue json) {
        if (json.isBoolean()) {
            return json.asBoolean();
        }
        return switch (json.asString()) {
            case "True" -> true;
            case "False" -> false;
            default -> throw json.error("must be \"True\" or \"False\"; got " + json);
        };
    }
}
