package org.bitgrid.quant.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.bitgrid.nn.graph.GraphModule;
import org.bitgrid.nn.io.Json;
import org.bitgrid.nn.io.JsonValue;
import org.bitgrid.quant.export.onnx.OnnxModel;
import org.bitgrid.quant.export.onnx.OnnxRuntime;
import org.bitgrid.quant.sim.QuantizationSimModel;
import org.bitgrid.tensor.Rng;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.Tensors;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Every golden network under every configuration: files as AIMET writes them, graphs that onnxruntime runs. */
class ModelsExportGoldenTest {
    private static final String[] VERSIONS = {"0.6.1", "1.0.0"};

    @TempDir
    private Path folder;

    @TestFactory
    Stream<DynamicTest> files() {
        List<GoldenSims.Case> cases = GoldenSims.all();
        System.out.println("exported models: " + cases.size() * VERSIONS.length + " cases");
        return cases.stream().flatMap(each -> Stream.of(VERSIONS).map(version ->
                dynamicTest(each + " " + version, () -> check(each, version))));
    }

    private void check(GoldenSims.Case each, String version) throws Exception {
        QuantizationSimModel sim = each.calibrated();
        Path out = Files.createTempDirectory(folder, "export");
        ExportReport report = sim.export(out, "model", ExportOptions.of(version), each.model().input(0));
        try (Stream<Path> written = Files.list(out)) {
            assertThat(written.map(file -> file.getFileName().toString())).containsExactlyInAnyOrder("model.onnx",
                    "model.safetensors", "model.encodings", "model_torch.encodings");
        }
        assertThat(ExportVerifier.verify(out, "model").faults()).isEmpty();
        List<String> differences = new ArrayList<>();
        compare(Json.read(report.files().get(2)), Json.read(each.file(version, "")), differences);
        compare(Json.read(report.files().get(3)), Json.read(each.file(version, "_torch")), differences);
        assertThat(differences).isEmpty();
    }

    /** Inputs and outputs of the graph by position, all else by name; who made the file does not matter. */
    private static void compare(JsonValue actual, JsonValue expected, List<String> differences) {
        for (String key : List.of("version", "excluded_layers", "quantizer_args")) {
            if (!actual.get(key).toJava().equals(expected.get(key).toJava())) {
                differences.add(key + ": " + actual.get(key) + " instead of " + expected.get(key));
            }
        }
        for (String key : List.of("activation_encodings", "param_encodings")) {
            Map<String, JsonValue> mine = byName(actual.get(key));
            Map<String, JsonValue> theirs = new LinkedHashMap<>();
            byName(expected.get(key)).forEach((name, value) -> theirs.put(standard(name), value));
            if (!new TreeSet<>(mine.keySet()).equals(new TreeSet<>(theirs.keySet()))) {
                differences.add(key + ": " + mine.keySet() + " instead of " + theirs.keySet());
                continue;
            }
            mine.forEach((name, value) -> compareValues(key + "." + name, value, theirs.get(name), differences));
        }
    }

    private static String standard(String name) {
        return name.equals("t.1") ? "input" : name.matches("\\d+") ? "output" : name;
    }

    private static Map<String, JsonValue> byName(JsonValue encodings) {
        if (encodings.isObject()) {
            return encodings.fields();
        }
        Map<String, JsonValue> byName = new LinkedHashMap<>();
        encodings.items().forEach(item -> byName.put(item.get("name").asString(), item));
        return byName;
    }

    private static void compareValues(String path, JsonValue actual, JsonValue expected, List<String> differences) {
        if (expected.isNumber()) {
            double left = actual.asDouble();
            double right = expected.asDouble();
            if (actual.isInteger() != expected.isInteger() || Math.abs(left - right) > 1e-5 * Math.abs(right)) {
                differences.add(path + ": " + actual + " instead of " + expected);
            }
        } else if (expected.isObject()) {
            if (!new TreeSet<>(actual.keys()).equals(new TreeSet<>(expected.keys()))) {
                differences.add(path + ": " + actual.keys() + " instead of " + expected.keys());
                return;
            }
            expected.fields().forEach((key, value) ->
                    compareValues(path + "." + key, actual.get(key), value, differences));
        } else if (expected.isArray()) {
            if (actual.size() != expected.size()) {
                differences.add(path + ": " + actual.size() + " items instead of " + expected.size());
                return;
            }
            for (int i = 0; i < expected.size(); i++) {
                compareValues(path + "[" + i + "]", actual.get(i), expected.get(i), differences);
            }
        } else if (!path.endsWith(".name") && !actual.toString().equals(expected.toString())) {
            differences.add(path + ": " + actual + " instead of " + expected);
        }
    }

    /** The simulation without quantizers of activations, at several batch sizes. */
    @TestFactory
    Stream<DynamicTest> onnxruntime() {
        List<GoldenSims.Case> cases = GoldenSims.all();
        System.out.println("exported models in onnxruntime: " + cases.size() + " cases");
        return cases.stream().map(each -> dynamicTest(each + " in onnxruntime", () -> run(each)));
    }

    private void run(GoldenSims.Case each) throws Exception {
        QuantizationSimModel sim = each.calibrated();
        Path out = Files.createTempDirectory(folder, "run");
        sim.export(out, "model", each.model().input(0));
        GraphModule weightsOnly = sim.getOriginalModel(true);
        try (OnnxRuntime runtime = OnnxRuntime.of(Files.readAllBytes(out.resolve("model.onnx")))) {
            for (int batch : new int[] {1, 7, 128}) {
                Tensor[] inputs = Stream.of(each.model().input(0)).map(sample -> Tensors.randn(new Rng(batch),
                        sample.spec().shape().with(0, batch).toArray())).toArray(Tensor[]::new);
                Tensor[] expected = weightsOnly.callWith(List.of((Object[]) inputs));
                List<Tensor> actual = runtime.run(inputs);
                for (int i = 0; i < expected.length; i++) {
                    assertThat(actual.get(i).shape()).isEqualTo(expected[i].shape());
                    float[] left = actual.get(i).toFloatArray();
                    float[] right = expected[i].toFloatArray();
                    for (int j = 0; j < left.length; j++) {
                        assertThat(Math.abs(left[j] - right[j])).isLessThanOrEqualTo(1e-4f);
                    }
                }
            }
        }
        OnnxModel model = OnnxModel.read(out.resolve("model.onnx"));
        assertThat(model.opset()).isEqualTo(21);
    }
}
