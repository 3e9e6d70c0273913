package org.bitgrid.quant.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.bitgrid.nn.io.FormatException;
import org.bitgrid.nn.io.Json;
import org.bitgrid.tensor.Rng;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Files that were edited by hand, cut off or damaged: always a clear error, or contents that keep the rules. */
class EncodingsErrorsTest {
    private static final String ENTRY = "{\"bitwidth\": 8, \"dtype\": \"int\", \"is_symmetric\": \"False\", "
            + "\"max\": 2.54, \"min\": -0.01, \"offset\": -1, \"scale\": 0.01}";
    private static final String FILE = "{\"version\": \"0.6.1\", \"activation_encodings\": {\"x\": [" + ENTRY
            + "]}, \"param_encodings\": {}}";
    private static final String LIST = "{\"version\": \"1.0.0\", \"param_encodings\": [], \"activation_encodings\": ["
            + "{\"name\": \"x\", \"dtype\": \"INT\", \"enc_type\": \"PER_TENSOR\", \"bw\": 8, \"is_sym\": false, "
            + "\"scale\": [0.01], \"offset\": [-1]}]}";
    private static final String ONNX = "{\"version\": \"2.0.0\", \"encodings\": [{\"name\": \"x\", "
            + "\"output_dtype\": \"uint8\", \"y_scale\": 0.01, \"y_zero_point\": 1}]}";

    @TestFactory
    Stream<DynamicTest> editedByHand() {
        Map<String[], String> cases = new LinkedHashMap<>();
        cases.put(new String[] {FILE, "0.6.1", "0.7"}, "$.version is not a version that can be read");
        cases.put(new String[] {FILE, "\"scale\": 0.01", "\"scale\": 0"}, "$.activation_encodings.x[0].scale must be "
                + "positive; got 0");
        cases.put(new String[] {FILE, "\"scale\": 0.01", "\"scale\": 1e39"}, "is too large for a float");
        cases.put(new String[] {FILE, "\"scale\": 0.01", "\"scale\": \"0.01\""}, "must be a number; got a string");
        cases.put(new String[] {FILE, "\"offset\": -1", "\"offset\": 1"}, "$.activation_encodings.x[0].offset must lie "
                + "between -255 and 0 for 8 bits; got 1");
        cases.put(new String[] {FILE, "\"offset\": -1", "\"offset\": -2"}, "has ends that do not fit scale and offset; "
                + "got min -0.01, max 2.54; expected -0.02 and 2.53");
        cases.put(new String[] {FILE, "\"bitwidth\": 8", "\"bitwidth\": 33"}, "must lie between 1 and 32; got 33");
        cases.put(new String[] {FILE, "\"dtype\": \"int\"", "\"dtype\": \"integer\""}, "must be \"int\" or \"float\"");
        cases.put(new String[] {FILE, "\"False\"", "\"false\""}, "must be \"True\" or \"False\"; got \"false\"");
        cases.put(new String[] {FILE, "\"scale\"", "\"scael\""}, "has an unknown field \"scael\"");
        cases.put(new String[] {FILE, "\"param_encodings\"", "\"params\""}, "has an unknown field \"params\"");
        cases.put(new String[] {FILE, ", \"scale\": 0.01", ""}, "has no field \"scale\"");
        cases.put(new String[] {FILE, "[" + ENTRY + "]", "[]"}, "must have at least one encoding");
        cases.put(new String[] {FILE, ENTRY, ENTRY + ", " + ENTRY.replace("8", "4").replace("2.54", "0.14")},
                "must have type, bitwidth and symmetry of the first encoding");
        cases.put(new String[] {LIST, "PER_TENSOR", "PER_ROW"}, "must be PER_TENSOR, PER_CHANNEL, PER_BLOCK or LPBQ");
        cases.put(new String[] {LIST, "[0.01]", "[0.01, 0.02]"}, "$.activation_encodings[0].offset must have as many "
                + "items as there are scales; got 1; expected 2");
        cases.put(new String[] {LIST, "[0.01]", "[]"}, "must not be empty");
        cases.put(new String[] {LIST, "INT", "FLOAT8"}, "must be \"INT\" or \"FLOAT\"");
        cases.put(new String[] {LIST, "\"bw\": 8", "\"bw\": 8, \"zero_point_shift\": [0.25]"}, "must be all 0 or all");
        cases.put(new String[] {ONNX, "uint8", "uint7"}, "must be int or uint of 2, 4, 8, 16 or 32 bits");
        cases.put(new String[] {ONNX, "0.01", "[0.01, 0.02]"}, "has several scales; expected an axis");
        cases.put(new String[] {ONNX, "0.01", "[[0.01, 0.02], [0.1]]"},
                "must have as many items as the list before it");
        cases.put(new String[] {ONNX, "\"y_zero_point\": 1", "\"y_zero_point\": 256"}, "must lie on the grid of uint8");
        cases.put(new String[] {ONNX, "\"y_zero_point\": 1", "\"y_zero_point\": 1.25"},
                "must lie on the grid of uint8");
        cases.put(new String[] {ONNX, "0.01", "{\"x\": 1, \"x_scale\": 0.1}"},
                "is quantized itself, which version 2.0.0 does not know");
        cases.put(new String[] {ONNX, "\"y_scale\": 0.01, ", ""}, "must have either \"y_scale\" or \"per_block");
        return cases.entrySet().stream().map(entry -> DynamicTest.dynamicTest(entry.getValue(), () -> {
            String[] edit = entry.getKey();
            assertThat(edit[0]).contains(edit[1]);
            assertThatThrownBy(() -> TensorEncodings.of(Json.parse(edit[0].replace(edit[1], edit[2]), "file")))
                    .isInstanceOf(FormatException.class).hasMessageStartingWith("file: $")
                    .hasMessageContaining(entry.getValue()).hasMessageContaining("; at line ");
        }));
    }

    @Test
    void twoEncodingsOfOneTensor() {
        String entry = "{\"name\": \"x\", \"output_dtype\": \"uint8\", \"y_scale\": 0.01, \"y_zero_point\": 1}";
        assertThatThrownBy(() -> TensorEncodings.of(Json.parse(ONNX.replace(entry, entry + ", " + entry), "file")))
                .hasMessageContaining("is the second encoding of \"x\"");
    }

    @Test
    void modulesAreChecked() {
        String good = "{\"activation_encodings\": {\"conv\": {\"output\": {\"0\": " + ENTRY
                + "}}}, \"param_encodings\": {}}";
        assertThat(ModuleEncodings.of(Json.parse(good)).activations()).hasSize(1);
        assertThatThrownBy(() -> ModuleEncodings.of(Json.parse(good.replace("output", "outputs"), "file")))
                .hasMessageContaining("has an unknown field \"outputs\"; expected [input, output]");
        assertThatThrownBy(() -> ModuleEncodings.of(Json.parse(good.replace("\"0\"", "\"-1\""), "file")))
                .hasMessageContaining("must stand under the number of an input or output; got \"-1\"");
    }

    /** Random damage to files of every kind. Whatever is read must be writable and read the same again. */
    @Test
    void damaged() {
        Rng rng = new Rng(11);
        String module = new ModuleEncodings(new EncodingsHeader(EncodingsVersion.V0_6_1, List.of("a"), Optional.of(
                new QuantizerArguments(8, 4, "int", true, false, "min_max")), EncodingsHeader.Producer.UNKNOWN),
                List.of(new SlotEncoding("conv", false, 0, FileEncoding.perTensor(8, false, false, 0.01f, -1))),
                List.of(new NamedEncoding("conv.weight", FileEncoding.perTensor(4, true, true, 0.5f, -8)))).toText();
        String[] files = {FILE, LIST, ONNX, module};
        int refused = 0;
        int rounds = 8000;
        for (int round = 0; round < rounds; round++) {
            String text = damage(files[round % files.length], rng);
            try {
                if (round % files.length == 3) {
                    ModuleEncodings read = ModuleEncodings.of(Json.parse(text, "file"));
                    assertThat(ModuleEncodings.of(Json.parse(read.toText()))).isEqualTo(read);
                } else {
                    TensorEncodings read = TensorEncodings.of(Json.parse(text, "file"));
                    TensorEncodings.of(Json.parse(read.toText()));
                }
            } catch (FormatException expected) {
                assertThat(expected.getMessage()).isNotEmpty().doesNotContain("null");
                refused++;
            }
        }
        System.out.println("encodings: " + rounds + " damaged files, " + refused + " refused");
        assertThat(refused).isGreaterThan(rounds / 2).isLessThan(rounds);
    }

    private static final String SIGNS = "{}[]\",:0123456789.-eEtrufalsn \n";

    /** One to three changes: a character, a cut, a part doubled or removed. */
    static String damage(String text, Rng rng) {
        StringBuilder out = new StringBuilder(text);
        for (int i = rng.nextInt(3); i >= 0 && out.length() > 0; i--) {
            int at = rng.nextInt(out.length());
            int end = Math.min(out.length(), at + 1 + rng.nextInt(8));
            switch (rng.nextInt(6)) {
                case 0, 1, 2 -> out.setCharAt(at, SIGNS.charAt(rng.nextInt(SIGNS.length())));
                case 3 -> out.insert(at, out.substring(at, end));
                case 4 -> out.delete(at, end);
                default -> {
                    if (rng.nextInt(4) == 0) {
                        out.setLength(at);
                    }
                }
            }
        }
        return out.toString();
    }
}
