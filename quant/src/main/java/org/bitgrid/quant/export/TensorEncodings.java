package org.bitgrid.quant.export;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.bitgrid.nn.io.FormatException;
import org.bitgrid.nn.io.Json;
import org.bitgrid.nn.io.JsonStyle;
import org.bitgrid.nn.io.JsonValue;

/**
 * An encodings file by the names of a graph's tensors. Versions from 2.0.0 on do not tell parameters from activations:
 * read from these, all are among the activations.
 */
public record TensorEncodings(EncodingsHeader header, List<NamedEncoding> activations,
                              List<NamedEncoding> parameters) {
    private static final Set<String> LIST_FIELDS = Set.of("version", "producer", "encodings");
    private static final Set<String> FIELDS = Set.of("version", "producer", "activation_encodings", "param_encodings",
            "excluded_layers", "quantizer_args");

    public TensorEncodings {
        activations = List.copyOf(activations);
        parameters = List.copyOf(parameters);
    }

    /** Parameters, then activations. */
    public List<NamedEncoding> all() {
        return Stream.concat(parameters.stream(), activations.stream()).toList();
    }

    /**
     * The file's text: keys sorted, four spaces for each level.
     *
     * @throws FormatException when the version cannot say it
     */
    public String toText() {
        Map<String, Object> fields = header.toJson();
        switch (header.version()) {
            case V0_6_1, V0_6_2 -> {
                fields.put("activation_encodings", byName(activations));
                fields.put("param_encodings", byName(parameters));
            }
            case V1_0_0 -> {
                fields.put("activation_encodings", activations.stream().map(EncodingsV1::write).toList());
                fields.put("param_encodings", parameters.stream().map(EncodingsV1::write).toList());
            }
            case V2_0_0, V2_1_0 -> fields.put("encodings", all().stream()
                    .map(named -> EncodingsV2.write(named, header.version())).toList());
        }
        return Json.format(fields, JsonStyle.INDENTED_SORTED);
    }

    static Map<String, Object> byName(List<NamedEncoding> encodings) {
        Map<String, Object> fields = new LinkedHashMap<>();
        encodings.forEach(named -> fields.put(named.name(), EncodingsV06.write(named.encoding())));
        return fields;
    }

    /** Reads a file of any version. */
    public static TensorEncodings read(Path file) {
        return of(Json.read(file));
    }

    /**
     * Reads a file's contents.
     *
     * @throws FormatException naming the place of the first fault
     */
    public static TensorEncodings of(JsonValue json) {
        EncodingsHeader header = EncodingsHeader.of(json);
        if (header.version().isOnnxStyle()) {
            EncodingFields.allow(json, LIST_FIELDS);
            return new TensorEncodings(header, list(json.get("encodings"), header.version()), List.of());
        }
        EncodingFields.allow(json, FIELDS);
        JsonValue activations = json.get("activation_encodings");
        JsonValue parameters = json.get("param_encodings");
        if (header.version() == EncodingsVersion.V1_0_0) {
            return new TensorEncodings(header, list(activations, header.version()),
                    list(parameters, header.version()));
        }
        return new TensorEncodings(header, byName(activations), byName(parameters));
    }

    static List<NamedEncoding> byName(JsonValue object) {
        List<NamedEncoding> all = new ArrayList<>();
        object.fields().forEach((name, value) -> all.add(new NamedEncoding(name, EncodingsV06.read(value))));
        return all;
    }

    private static List<NamedEncoding> list(JsonValue list, EncodingsVersion version) {
        List<NamedEncoding> all = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (JsonValue item : list.items()) {
            NamedEncoding named = version == EncodingsVersion.V1_0_0 ? EncodingsV1.read(item)
                    : EncodingsV2.read(item, version);
            if (!names.add(named.name())) {
                throw item.error("is the second encoding of \"" + named.name() + "\"");
            }
            all.add(named);
        }
        return all;
    }
}
