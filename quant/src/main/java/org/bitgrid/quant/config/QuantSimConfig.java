package org.bitgrid.quant.config;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bitgrid.nn.io.Json;
import org.bitgrid.nn.io.JsonValue;
import org.bitgrid.tensor.StateException;

/**
 * A target configuration: which tensors the target quantizes and how. Later parts are more specific and win over
 * earlier ones: defaults, parameters, operator types, supergroups, model input, model output.
 *
 * @param source            file or alias it was read from
 * @param defaults          of everything
 * @param params            by parameter name, weight or bias
 * @param opTypes           by operator type, in the order of the file
 * @param supergroups       chains of operator types that the target runs as one, so that nothing is quantized between
 * @param supergroupPasses  fused patterns of several operators; the layers here are whole already, so they say nothing
 * @param modelInputQuantized  whether inputs of the model are quantized
 * @param modelOutputQuantized whether outputs of the model are quantized even where their operator's are not
 */
public record QuantSimConfig(String source, DefaultRules defaults, Map<String, ParamRule> params,
                             Map<String, OpRule> opTypes, List<List<String>> supergroups,
                             List<String> supergroupPasses, boolean modelInputQuantized,
                             boolean modelOutputQuantized) {
    /** Configurations that come with the library. */
    public static final List<String> ALIASES = List.of("default", "default_per_channel", "htp_v66", "htp_v68",
            "htp_v69", "htp_v73", "htp_v75", "htp_v79", "htp_v81");

    public QuantSimConfig {
        params = Collections.unmodifiableMap(new LinkedHashMap<>(params));
        opTypes = Collections.unmodifiableMap(new LinkedHashMap<>(opTypes));
        supergroups = supergroups.stream().map(List::copyOf).toList();
        supergroupPasses = List.copyOf(supergroupPasses);
    }

    /**
     * One that comes with the library.
     *
     * @throws StateException when there is none of this name
     */
    public static QuantSimConfig builtIn(String alias) {
        if (!ALIASES.contains(alias)) {
            throw new StateException("quantsim config: there is no built-in configuration \"" + alias + "\""
                    + NearestName.hint(alias, ALIASES));
        }
        String name = alias + ".json";
        try (InputStream in = QuantSimConfig.class.getResourceAsStream(name)) {
            return ConfigSchema.read(Json.parse(in.readAllBytes(), alias), alias);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Reads a file.
     *
     * @throws org.bitgrid.nn.io.FormatException with the place in the file, when it breaks a rule
     */
    public static QuantSimConfig read(Path file) {
        return ConfigSchema.read(Json.read(file), file.toString());
    }

    /** One that comes with the library, when {@code aliasOrFile} is its alias, or the one in that file. */
    public static QuantSimConfig of(String aliasOrFile) {
        boolean file = aliasOrFile.endsWith(".json") || aliasOrFile.contains("/") || aliasOrFile.contains("\\");
        return file ? read(Path.of(aliasOrFile)) : builtIn(aliasOrFile);
    }

    /** Reads text. */
    public static QuantSimConfig parse(String text, String source) {
        return ConfigSchema.read(Json.parse(text, source), source);
    }

    /** Reads a value. */
    public static QuantSimConfig parse(JsonValue value, String source) {
        return ConfigSchema.read(value, source);
    }
}
