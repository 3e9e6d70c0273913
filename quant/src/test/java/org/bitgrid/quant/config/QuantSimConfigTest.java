package org.bitgrid.quant.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.bitgrid.nn.io.FormatException;
import org.bitgrid.tensor.StateException;
import org.bitgrid.testing.GoldenModels;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Reading target configurations: the files of AIMET, the built-in ones, and every rule of their form. */
class QuantSimConfigTest {
    private static final String PLAIN = """
            {
              "defaults": {
                "ops": {"is_output_quantized": "True"},
                "params": {"is_quantized": "True", "is_symmetric": "True"},
                "strict_symmetric": "False",
                "per_channel_quantization": "False"
              },
              "params": {"bias": {"is_quantized": "False"}},
              "op_type": {"Conv": {"is_output_quantized": "False"}},
              "supergroups": [{"op_list": ["Conv", "Relu"]}],
              "model_input": {"is_input_quantized": "True"},
              "model_output": {}
            }
            """;

    @TestFactory
    Stream<DynamicTest> filesOfAimet() throws IOException {
        List<Path> files;
        try (Stream<Path> all = Files.list(GoldenModels.folder("configs"))) {
            files = all.sorted().toList();
        }
        System.out.println("target configurations: " + files.size() + " files");
        return files.stream().map(file -> dynamicTest(file.getFileName().toString(), () -> {
            QuantSimConfig config = QuantSimConfig.read(file);
            assertThat(config.defaults().outputQuantized()).isTrue();
            assertThat(config.supergroups()).isNotEmpty().allSatisfy(group ->
                    assertThat(group).hasSizeGreaterThanOrEqualTo(2));
        }));
    }

    @TestFactory
    Stream<DynamicTest> builtIn() {
        return QuantSimConfig.ALIASES.stream().map(alias -> dynamicTest(alias, () -> {
            QuantSimConfig config = QuantSimConfig.builtIn(alias);
            assertThat(config.source()).isEqualTo(alias);
            String expected = alias.startsWith("htp_v") ? alias.substring(4).toUpperCase() : null;
            assertThat(config.defaults().hardwareVersion()).isEqualTo(expected);
            assertThat(QuantSimConfig.of(alias)).isEqualTo(config);
        }));
    }

    @Test
    void readsWhatIsWritten() {
        QuantSimConfig config = QuantSimConfig.parse(PLAIN, "plain");
        assertThat(config.defaults().params()).isEqualTo(new ParamRule(true, true));
        assertThat(config.params()).containsEntry("bias", new ParamRule(false, null));
        assertThat(config.opTypes().get("Conv").outputQuantized()).isFalse();
        assertThat(config.opTypes().get("Conv").perChannel()).isNull();
        assertThat(config.supergroups()).containsExactly(List.of("Conv", "Relu"));
        assertThat(config.modelInputQuantized()).isTrue();
        assertThat(config.modelOutputQuantized()).isFalse();
    }

    /** A change of the plain configuration, and what is to be said of it. */
    private record Fault(String what, String from, String to, String message) {
        DynamicTest test() {
            return dynamicTest(what, () -> {
                assertThat(PLAIN).contains(from);
                assertThatThrownBy(() -> QuantSimConfig.parse(PLAIN.replace(from, to), "my.json"))
                        .isInstanceOf(FormatException.class).hasMessageStartingWith("my.json: ")
                        .hasMessageContaining(message).hasMessageMatching("(?s).*line \\d+, column \\d+.*");
            });
        }
    }

    @TestFactory
    Stream<DynamicTest> faults() {
        return Stream.of(
                new Fault("misspelt section", "\"op_type\"", "\"op_types\"",
                        "$.op_types is no section here; got \"op_types\"; did you mean \"op_type\"?"),
                new Fault("missing section", "\"supergroups\": [{\"op_list\": [\"Conv\", \"Relu\"]}],", "",
                        "$ has no section \"supergroups\""),
                new Fault("misspelt key", "\"is_output_quantized\": \"False\"", "\"is_output_quantised\": \"False\"",
                        "$.op_type.Conv.is_output_quantised is no key here; got \"is_output_quantised\"; did you mean "
                                + "\"is_output_quantized\"?"),
                new Fault("misspelt operator", "{\"Conv\": {\"is_output", "{\"Covn\": {\"is_output",
                        "$.op_type.Covn is no operator type; got \"Covn\"; did you mean \"Conv\"?"),
                new Fault("misspelt operator in a supergroup", "[\"Conv\", \"Relu\"]", "[\"Conv\", \"Relo\"]",
                        "$.supergroups[0].op_list[1] is no operator type; got \"Relo\"; did you mean \"Relu\"?"),
                new Fault("short supergroup", "[\"Conv\", \"Relu\"]", "[\"Conv\"]",
                        "$.supergroups[0].op_list must be an array of at least two operator types"),
                new Fault("boolean without quotes", "\"strict_symmetric\": \"False\"", "\"strict_symmetric\": false",
                        "$.defaults.strict_symmetric must be the string \"True\" or \"False\"; got false"),
                new Fault("small letters", "\"per_channel_quantization\": \"False\"",
                        "\"per_channel_quantization\": \"false\"",
                        "$.defaults.per_channel_quantization must be the string \"True\" or \"False\"; got \"false\""),
                new Fault("output not quantized by default", "{\"is_output_quantized\": \"True\"}",
                        "{\"is_output_quantized\": \"False\"}",
                        "$.defaults.ops.is_output_quantized must be \"True\" or absent; got \"False\""),
                new Fault("input quantized by default", "{\"is_output_quantized\": \"True\"}",
                        "{\"is_input_quantized\": \"True\"}", "$.defaults.ops.is_input_quantized cannot be a default"),
                new Fault("input of an operator not quantized", "{\"Conv\": {\"is_output_quantized\": \"False\"}}",
                        "{\"Conv\": {\"is_input_quantized\": \"False\"}}",
                        "$.op_type.Conv.is_input_quantized must be \"True\" or absent; got \"False\""),
                new Fault("model input not quantized", "{\"is_input_quantized\": \"True\"}",
                        "{\"is_input_quantized\": \"False\"}",
                        "$.model_input.is_input_quantized must be \"True\" or absent"),
                new Fault("model output not quantized", "\"model_output\": {}",
                        "\"model_output\": {\"is_output_quantized\": \"False\"}",
                        "$.model_output.is_output_quantized must be \"True\" or absent"),
                new Fault("misspelt parameter", "{\"bias\": {\"is_quantized\": \"False\"}}",
                        "{\"bais\": {\"is_quantized\": \"False\"}}", "did you mean \"bias\"?"),
                new Fault("no params", "\"params\": {\"is_quantized\": \"True\", \"is_symmetric\": \"True\"},", "",
                        "$.defaults has no \"params\""),
                new Fault("empty constraints", "{\"is_output_quantized\": \"False\"}", "{\"encoding_constraints\": {}}",
                        "$.op_type.Conv.encoding_constraints must have min, max or both"),
                new Fault("constraints the wrong way round", "{\"is_output_quantized\": \"False\"}",
                        "{\"encoding_constraints\": {\"min\": 1.0, \"max\": 0.0}}", "must have a min below its max"),
                new Fault("infinite constraint", "{\"is_output_quantized\": \"False\"}",
                        "{\"encoding_constraints\": {\"min\": -1e300}}", "must be a finite number"),
                new Fault("bit width", "{\"is_output_quantized\": \"False\"}",
                        "{\"supported_kernels\": [{\"activation\": {\"bitwidth\": 5, \"dtype\": \"int\"}}]}",
                        "$.op_type.Conv.supported_kernels[0].activation.bitwidth must be one of [4, 8, 16, 32]; got 5"),
                new Fault("float of 8 bits", "{\"is_output_quantized\": \"False\"}",
                        "{\"supported_kernels\": [{\"activation\": {\"bitwidth\": 8, \"dtype\": \"float\"}}]}",
                        "must be one of [16, 32] for float; got 8"),
                new Fault("type", "{\"is_output_quantized\": \"False\"}",
                        "{\"supported_kernels\": [{\"activation\": {\"bitwidth\": 8, \"dtype\": \"itn\"}}]}",
                        "did you mean \"int\"?"),
                new Fault("hardware", "\"strict_symmetric\": \"False\"", "\"hw_version\": \"V74\"",
                        "$.defaults.hw_version is no hardware version; got \"V74\""),
                new Fault("array for object", "\"model_output\": {}", "\"model_output\": []",
                        "$.model_output must be an object; got an array"),
                new Fault("number for array", "[{\"op_list\": [\"Conv\", \"Relu\"]}]", "3",
                        "$.supergroups must be an array; got a number"))
                .map(Fault::test);
    }

    @Test
    void nearestAlias() {
        assertThatThrownBy(() -> QuantSimConfig.of("htp_v37")).isInstanceOf(StateException.class)
                .hasMessage("quantsim config: there is no built-in configuration \"htp_v37\"; did you mean "
                        + "\"htp_v73\"?");
        assertThatThrownBy(() -> QuantSimConfig.of("x")).hasMessageContaining("expected one of [default,");
    }

    @Test
    void distanceCountsSwapsOnce() {
        assertThat(NearestName.distance("Covn", "Conv")).isEqualTo(1);
        assertThat(NearestName.distance("", "abc")).isEqualTo(3);
        assertThat(NearestName.distance("kitten", "sitting")).isEqualTo(3);
        assertThat(NearestName.of("something else entirely", List.of("Conv", "Relu"))).isNull();
    }
}
