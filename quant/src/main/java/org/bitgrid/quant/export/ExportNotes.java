package org.bitgrid.quant.export;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bitgrid.nn.io.Json;
import org.bitgrid.nn.io.JsonStyle;
import org.bitgrid.nn.io.JsonValue;
import org.bitgrid.quant.encoding.AffineEncoding;
import org.bitgrid.quant.encoding.Encoding;
import org.bitgrid.quant.encoding.FloatEncoding;
import org.bitgrid.quant.sim.SlotId;
import org.bitgrid.tensor.Shape;

/**
 * What an exported model's metadata say of its encodings, so that they can be checked without the simulation: the
 * tensors of every slot, the parameters that were quantized, and the encodings that no quantizer gave.
 *
 * @param slots      tensors by slot, such as {@code conv1.output[0]}
 * @param further    kind and source by tensor
 * @param parameters how the parameters that were quantized were divided, by path
 */
record ExportNotes(Map<String, List<String>> slots, Map<String, Further> further, Map<String, Division> parameters) {
    private static final String SLOTS = "bitgrid.slots";
    private static final String FURTHER = "bitgrid.further_encodings";
    private static final String PARAMETERS = "bitgrid.quantized_parameters";

    /** An encoding that no quantizer gave. */
    record Further(FurtherEncoding.Kind kind, String from) {
    }

    /**
     * How a parameter was divided into parts with a scale each.
     *
     * @param shape     shape of the scales
     * @param blockSize elements in a block along each dimension, empty without blocks
     * @param signed    whether codes may be negative
     * @param isFloat   whether codes are floating point
     */
    record Division(Shape shape, List<Integer> blockSize, boolean signed, boolean isFloat) {
        static Division of(Encoding encoding) {
            if (encoding instanceof FloatEncoding floating) {
                return new Division(floating.shape(), floating.blockSize(), true, true);
            }
            AffineEncoding affine = (AffineEncoding) encoding;
            return new Division(affine.shape(), affine.blockSize(), affine.grid().signed(), false);
        }

        private Map<String, Object> toJson() {
            Map<String, Object> fields = new LinkedHashMap<>();
            fields.put("shape", shape.toArray());
            fields.put("block_size", blockSize);
            fields.put("signed", signed);
            fields.put("float", isFloat);
            return fields;
        }

        private static Division of(JsonValue json) {
            return new Division(Shape.of(json.get("shape").asInts()), Arrays.stream(json.get("block_size").asInts())
                    .boxed().toList(), json.get("signed").asBoolean(), json.get("float").asBoolean());
        }
    }

    static ExportNotes of(Map<SlotId, List<String>> slots, List<FurtherEncoding> further,
                          Map<String, Division> parameters) {
        return new ExportNotes(bySlot(slots), byTensor(further), parameters);
    }

    private static Map<String, List<String>> bySlot(Map<SlotId, List<String>> slots) {
        Map<String, List<String>> named = new LinkedHashMap<>();
        slots.forEach((slot, tensors) -> named.put(slot.toString(), tensors));
        return named;
    }

    private static Map<String, Further> byTensor(List<FurtherEncoding> further) {
        Map<String, Further> named = new LinkedHashMap<>();
        further.forEach(each -> named.put(each.name(), new Further(each.kind(), each.from())));
        return named;
    }

    Map<String, String> toMetadata() {
        Map<String, Object> all = new LinkedHashMap<>();
        further.forEach((tensor, each) -> all.put(tensor, List.of(each.kind().toString(), each.from())));
        Map<String, String> metadata = new LinkedHashMap<>();
        metadata.put(SLOTS, Json.format(slots, JsonStyle.LINE));
        metadata.put(FURTHER, Json.format(all, JsonStyle.LINE));
        Map<String, Object> divisions = new LinkedHashMap<>();
        parameters.forEach((path, division) -> divisions.put(path, division.toJson()));
        metadata.put(PARAMETERS, Json.format(divisions, JsonStyle.LINE));
        return metadata;
    }

    /** Reads them; a model without any has no slots. */
    static ExportNotes of(Map<String, String> metadata) {
        Map<String, List<String>> slots = new LinkedHashMap<>();
        parse(metadata, SLOTS, "{}").fields().forEach((slot, tensors) -> slots.put(slot, tensors.asStrings()));
        Map<String, Further> further = new LinkedHashMap<>();
        parse(metadata, FURTHER, "{}").fields().forEach((tensor, pair) -> {
            FurtherEncoding.Kind kind = FurtherEncoding.Kind.of(pair.get(0).asString());
            if (kind == null) {
                throw pair.get(0).error("is no kind of encoding");
            }
            further.put(tensor, new Further(kind, pair.get(1).asString()));
        });
        Map<String, Division> parameters = new LinkedHashMap<>();
        parse(metadata, PARAMETERS, "{}").fields().forEach((path, json) -> parameters.put(path, Division.of(json)));
        return new ExportNotes(slots, further, parameters);
    }

    private static JsonValue parse(Map<String, String> metadata, String key, String absent) {
        return Json.parse(metadata.getOrDefault(key, absent), key);
    }
}
