package org.bitgrid.quant.export;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.bitgrid.nn.io.FormatException;
import org.bitgrid.nn.io.JsonValue;

/**
 * What encodings files say beside the encodings.
 *
 * @param excludedLayers modules that were left out of quantization
 * @param arguments      how the simulation was set up; empty in versions from 2.0.0 on and in files that do not say
 * @param producer       who made the file: package and version; empty texts where it does not say
 */
public record EncodingsHeader(EncodingsVersion version, List<String> excludedLayers,
                              Optional<QuantizerArguments> arguments, Producer producer) {
    public EncodingsHeader {
        excludedLayers = List.copyOf(excludedLayers);
    }

    /** Who made a file. */
    public record Producer(String name, String version) {
        public static final Producer UNKNOWN = new Producer("", "");
    }

    /** The fields around the encodings. */
    Map<String, Object> toJson() {
        Map<String, Object> fields = new LinkedHashMap<>();
        if (!producer.equals(Producer.UNKNOWN)) {
            fields.put("producer", Map.of("package", producer.name(), "version", producer.version()));
        }
        fields.put("version", version.toString());
        if (!version.isOnnxStyle()) {
            fields.put("excluded_layers", excludedLayers);
            arguments.ifPresent(all -> fields.put("quantizer_args", all.toJson()));
        }
        return fields;
    }

    static EncodingsHeader of(JsonValue json) {
        EncodingsVersion version = json.find("version").map(EncodingsHeader::version).orElse(EncodingsVersion.V0_6_1);
        return new EncodingsHeader(version,
                json.find("excluded_layers").map(JsonValue::asStrings).orElse(List.of()),
                json.find("quantizer_args").map(QuantizerArguments::of),
                json.find("producer").map(EncodingsHeader::producer).orElse(Producer.UNKNOWN));
    }

    private static EncodingsVersion version(JsonValue json) {
        try {
            return EncodingsVersion.of(json.asString());
        } catch (FormatException e) {
            throw json.error("is not a version that can be read; " + e.getMessage());
        }
    }

    private static Producer producer(JsonValue json) {
        return new Producer(json.get("package").asString(), json.get("version").asString());
    }
}
