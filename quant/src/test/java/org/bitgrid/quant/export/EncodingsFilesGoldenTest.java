package org.bitgrid.quant.export;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.bitgrid.nn.io.Json;
import org.bitgrid.nn.io.JsonValue;
import org.bitgrid.quant.Golden;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Every encodings file that AIMET wrote: read and written again it must say the same, field by field. */
class EncodingsFilesGoldenTest {
    @TestFactory
    Stream<DynamicTest> modelFiles() throws IOException {
        return cases("models");
    }

    @TestFactory
    Stream<DynamicTest> quickstartFiles() throws IOException {
        return cases("quickstart/export");
    }

    private static Stream<DynamicTest> cases(String folder) throws IOException {
        Path root = Golden.path(folder);
        List<Path> files;
        try (Stream<Path> all = Files.walk(root)) {
            files = all.filter(file -> file.toString().endsWith(".encodings")).sorted().toList();
        }
        System.out.println("encodings files of " + folder + ": " + files.size() + " cases");
        assertThat(files).isNotEmpty();
        return files.stream().map(file -> DynamicTest.dynamicTest(root.relativize(file).toString(), () -> check(file)));
    }

    private static void check(Path file) {
        JsonValue expected = Json.read(file);
        String text;
        if (file.getFileName().toString().endsWith("_torch.encodings")) {
            ModuleEncodings encodings = ModuleEncodings.of(expected);
            text = encodings.toText();
            assertThat(ModuleEncodings.of(Json.parse(text))).isEqualTo(encodings);
        } else {
            TensorEncodings encodings = TensorEncodings.of(expected);
            text = encodings.toText();
            assertThat(TensorEncodings.of(Json.parse(text))).isEqualTo(encodings);
        }
        JsonValue actual = Json.parse(text, "written");
        List<String> differences = new ArrayList<>();
        compare(actual, expected, differences);
        assertThat(differences).isEmpty();
    }

    /** Numbers must be the same floats: digits beyond these say nothing. */
    static void compare(JsonValue actual, JsonValue expected, List<String> differences) {
        if (actual.kind() != expected.kind()) {
            differences.add(expected.path() + ": " + actual.kind() + " instead of " + expected.kind());
        } else if (expected.isObject()) {
            if (!List.copyOf(actual.fields().keySet()).stream().sorted().toList()
                    .equals(expected.keys().stream().sorted().toList())) {
                differences.add(expected.path() + ": fields " + actual.keys() + " instead of " + expected.keys());
                return;
            }
            for (Map.Entry<String, JsonValue> field : expected.fields().entrySet()) {
                compare(actual.get(field.getKey()), field.getValue(), differences);
            }
        } else if (expected.isArray()) {
            if (actual.size() != expected.size()) {
                differences.add(expected.path() + ": " + actual.size() + " items instead of " + expected.size());
                return;
            }
            for (int i = 0; i < expected.size(); i++) {
                compare(actual.get(i), expected.get(i), differences);
            }
        } else if (expected.isNumber()) {
            if (actual.isInteger() != expected.isInteger()
                    || Float.compare((float) actual.asDouble(), (float) expected.asDouble()) != 0) {
                differences.add(expected.path() + ": " + actual + " instead of " + expected);
            }
        } else if (!actual.toString().equals(expected.toString())) {
            differences.add(expected.path() + ": " + actual + " instead of " + expected);
        }
    }
}
