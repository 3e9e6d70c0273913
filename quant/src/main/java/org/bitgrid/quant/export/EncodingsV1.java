package org.bitgrid.quant.export;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.bitgrid.nn.io.JsonValue;
import org.bitgrid.quant.encoding.BlockGrouping;
import org.bitgrid.tensor.Shape;

/** Encodings of version 1.0.0: one object for each tensor, with lists of scales and of codes of the lowest number. */
final class EncodingsV1 {
    private static final Set<String> FIELDS = Set.of("name", "dtype", "enc_type", "bw", "is_sym", "scale", "offset",
            "block_size", "compressed_bw", "per_block_int_scale", "zero_point_shift");

    private EncodingsV1() {
    }

    static Map<String, Object> write(NamedEncoding named) {
        FileEncoding encoding = named.encoding();
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("name", named.name());
        fields.put("dtype", encoding.isFloat() ? "FLOAT" : "INT");
        fields.put("enc_type", type(encoding));
        fields.put("bw", encoding.bitwidth());
        if (encoding.isFloat()) {
            return fields;
        }
        fields.put("is_sym", encoding.symmetric());
        if (encoding.grouping() != null) {
            BlockGrouping grouping = encoding.grouping();
            fields.put("bw", grouping.decompressedBitwidth());
            fields.put("compressed_bw", encoding.bitwidth());
            fields.put("scale", grouping.groupScale());
            fields.put("offset", FileEncoding.repeated(-(1L << grouping.decompressedBitwidth() - 1),
                    grouping.groupScale().size()));
            fields.put("per_block_int_scale", grouping.integerScale());
        } else {
            fields.put("scale", encoding.scale());
            fields.put("offset", encoding.lowest());
        }
        if (encoding.blockSize() > 0) {
            fields.put("block_size", encoding.blockSize());
        }
        if (encoding.zeroPointShift() != 0) {
            fields.put("zero_point_shift", Collections.nCopies(encoding.scale().size(),
                    encoding.zeroPointShift()));
        }
        return fields;
    }

    private static String type(FileEncoding encoding) {
        if (encoding.isFloat() || encoding.isPerTensor()) {
            return "PER_TENSOR";
        }
        if (encoding.grouping() != null) {
            return "LPBQ";
        }
        return encoding.blockSize() > 0 ? "PER_BLOCK" : "PER_CHANNEL";
    }

    static NamedEncoding read(JsonValue json) {
        EncodingFields.allow(json, FIELDS);
        String name = json.get("name").asString();
        JsonValue dtype = json.get("dtype");
        int bitwidth = EncodingFields.bitwidth(json.get("bw"));
        String type = json.get("enc_type").asString();
        if (dtype.asString().equals("FLOAT")) {
            return new NamedEncoding(name, new FileEncoding(true, bitwidth, true, Optional.empty(), List.of(),
                    List.of(), Shape.SCALAR, -1, 0, null, null, 0));
        }
        if (!dtype.asString().equals("INT")) {
            throw dtype.error("must be \"INT\" or \"FLOAT\"; got " + dtype);
        }
        boolean symmetric = json.get("is_sym").asBoolean();
        List<Float> scale = EncodingFields.scales(json.get("scale"));
        List<Long> lowest = EncodingFields.lowests(json.get("offset"), bitwidth, scale.size());
        double shift = shift(json, scale.size());
        return new NamedEncoding(name, switch (type) {
            case "PER_TENSOR", "PER_CHANNEL" -> {
                if (type.equals("PER_TENSOR") && scale.size() != 1) {
                    throw json.get("scale").error("must have one item for enc_type PER_TENSOR; got " + scale.size());
                }
                Shape shape = scale.size() == 1 ? Shape.SCALAR : Shape.of(scale.size());
                yield new FileEncoding(false, bitwidth, symmetric, Optional.empty(), scale, lowest, shape, -1, 0, null,
                        null, shift);
            }
            case "PER_BLOCK" -> new FileEncoding(false, bitwidth, symmetric, Optional.empty(), scale, lowest,
                    Shape.of(scale.size()), -1, EncodingFields.positive(json.get("block_size")), null, null, shift);
            case "LPBQ" -> grouped(json, bitwidth, scale);
            default -> throw json.get("enc_type").error("must be PER_TENSOR, PER_CHANNEL, PER_BLOCK or LPBQ; got "
                    + type);
        });
    }

    private static double shift(JsonValue json, int count) {
        JsonValue list = json.find("zero_point_shift").orElse(null);
        if (list == null) {
            return 0;
        }
        double[] shifts = list.asDoubles();
        for (double shift : shifts) {
            if (shift != 0 && shift != 0.5 || shift != shifts[0]) {
                throw list.error("must be all 0 or all 0.5; got " + list);
            }
        }
        if (shifts.length != count) {
            throw list.error("must have as many items as there are scales; got " + shifts.length + "; expected "
                    + count);
        }
        return shifts[0];
    }

    private static FileEncoding grouped(JsonValue json, int decompressed, List<Float> groupScale) {
        JsonValue compressed = json.get("compressed_bw");
        int bitwidth = EncodingFields.bitwidth(compressed);
        if (bitwidth > decompressed) {
            throw compressed.error("must not exceed bw; got " + bitwidth + " and " + decompressed);
        }
        JsonValue list = json.get("per_block_int_scale");
        List<Integer> integers = new ArrayList<>();
        for (JsonValue item : list.items()) {
            integers.add(EncodingFields.positive(item));
            if (item.asInt() > 1 << decompressed - bitwidth) {
                throw item.error("must lie between 1 and " + (1 << decompressed - bitwidth) + "; got " + item);
            }
        }
        if (integers.isEmpty() || integers.size() % groupScale.size() != 0) {
            throw list.error("must have a whole number of items for each scale; got " + integers.size() + " for "
                    + groupScale.size());
        }
        int perGroup = integers.size() / groupScale.size();
        List<Float> scale = new ArrayList<>();
        for (int i = 0; i < integers.size(); i++) {
            scale.add(integers.get(i) * groupScale.get(i / perGroup));
        }
        BlockGrouping grouping = new BlockGrouping(decompressed, List.of(1, perGroup),
                Shape.of(groupScale.size(), 1), groupScale, integers);
        return new FileEncoding(false, bitwidth, true, Optional.empty(), scale,
                FileEncoding.repeated(-(1L << bitwidth - 1), scale.size()), Shape.of(groupScale.size(), perGroup), -1,
                EncodingFields.positive(json.get("block_size")), grouping, null, 0);
    }
}
