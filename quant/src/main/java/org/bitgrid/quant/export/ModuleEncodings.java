package org.bitgrid.quant.export;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.bitgrid.nn.io.FormatException;
import org.bitgrid.nn.io.Json;
import org.bitgrid.nn.io.JsonStyle;
import org.bitgrid.nn.io.JsonValue;

/**
 * An encodings file by the names of modules, which is what simulations load. The encodings are written as in version
 * 0.6.1 whatever the version of the file.
 */
public record ModuleEncodings(EncodingsHeader header, List<SlotEncoding> activations, List<NamedEncoding> parameters) {
    private static final Set<String> FIELDS = Set.of("version", "producer", "activation_encodings", "param_encodings",
            "excluded_layers", "quantizer_args");
    private static final Set<String> KINDS = Set.of("input", "output");

    public ModuleEncodings {
        activations = List.copyOf(activations);
        parameters = List.copyOf(parameters);
    }

    /** The file's text: keys sorted, four spaces for each level. */
    public String toText() {
        Map<String, Object> fields = header.toJson();
        Map<String, Map<String, Map<String, Object>>> modules = new LinkedHashMap<>();
        for (SlotEncoding slot : activations) {
            List<Map<String, Object>> written = EncodingsV06.write(slot.encoding());
            modules.computeIfAbsent(slot.module(), key -> new LinkedHashMap<>())
                    .computeIfAbsent(slot.isInput() ? "input" : "output", key -> new LinkedHashMap<>())
                    .put(Integer.toString(slot.index()), written.size() == 1 ? written.get(0) : written);
        }
        fields.put("activation_encodings", modules);
        fields.put("param_encodings", TensorEncodings.byName(parameters));
        return Json.format(fields, JsonStyle.INDENTED_SORTED);
    }

    /** Reads a file. */
    public static ModuleEncodings read(Path file) {
        return of(Json.read(file));
    }

    /**
     * Reads a file's contents. One without {@code param_encodings} and {@code activation_encodings} is taken as the
     * parameters alone, by name, as rounding techniques write them.
     *
     * @throws FormatException naming the place of the first fault
     */
    public static ModuleEncodings of(JsonValue json) {
        if (!json.has("param_encodings") && !json.has("activation_encodings") && !json.has("version")) {
            EncodingsHeader header = new EncodingsHeader(EncodingsVersion.V0_6_1, List.of(),
                    Optional.empty(), EncodingsHeader.Producer.UNKNOWN);
            return new ModuleEncodings(header, List.of(), TensorEncodings.byName(json));
        }
        EncodingFields.allow(json, FIELDS);
        EncodingsHeader header = EncodingsHeader.of(json);
        List<SlotEncoding> activations = new ArrayList<>();
        json.find("activation_encodings").ifPresent(modules -> modules.fields().forEach((module, slots) -> {
            EncodingFields.allow(slots, KINDS);
            slots.fields().forEach((kind, entries) -> entries.fields().forEach((index, entry) -> activations.add(
                    new SlotEncoding(module, kind.equals("input"), index(index, entry), entry.isArray()
                            ? EncodingsV06.read(entry) : EncodingsV06.readOne(entry)))));
        }));
        List<NamedEncoding> parameters = json.find("param_encodings").map(TensorEncodings::byName).orElse(List.of());
        return new ModuleEncodings(header, activations, parameters);
    }

    private static int index(String text, JsonValue place) {
        if (!text.matches("0|[1-9][0-9]{0,5}")) {
            throw place.error("must stand under the number of an input or output; got \"" + text + "\"");
        }
        return Integer.parseInt(text);
    }
}
