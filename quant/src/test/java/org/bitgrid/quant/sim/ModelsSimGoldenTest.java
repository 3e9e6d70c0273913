package org.bitgrid.quant.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.bitgrid.nn.graph.GraphModule;
import org.bitgrid.nn.io.Json;
import org.bitgrid.nn.io.JsonValue;
import org.bitgrid.quant.QuantLog;
import org.bitgrid.quant.config.QuantSimConfig;
import org.bitgrid.quant.encoding.AffineEncoding;
import org.bitgrid.quant.encoding.TensorEncoding;
import org.bitgrid.quant.fold.BatchNormFolding;
import org.bitgrid.quant.quantizer.Quantizer;
import org.bitgrid.tensor.Dispatch;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.testing.GoldenModels;
import org.bitgrid.testing.GoldenModels.GoldenModel;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Every network of the golden data under every target configuration recorded for it: all must be as AIMET has it. */
class ModelsSimGoldenTest {
    /** One simulation of one network. */
    private record Case(GoldenModel model, String name, JsonValue json) {
        QuantizationSimModel sim() {
            try (var quiet = QuantLog.listen((level, area, message) -> { })) {
                GraphModule prepared = model.prepared();
                BatchNormFolding.foldAllBatchNorms(prepared, model.input(0));
                return new QuantizationSimModel(prepared, List.of(model.input(0)), options());
            }
        }

        QuantSimOptions options() {
            return QuantSimOptions.defaults().scheme(scheme()).config(config(json.get("config").asString()))
                    .paramBitwidth(json.get("param_bw").asInt()).outputBitwidth(json.get("output_bw").asInt());
        }

        /** AIMET's file, or where there is none, the built-in configuration in its place. */
        private QuantSimConfig config(String file) {
            Path aimets = model.folder().resolveSibling("..").resolve("configs").resolve(file).normalize();
            if (Files.exists(aimets)) {
                return QuantSimConfig.read(aimets);
            }
            String alias = file.replace("htp_quantsim_config_", "htp_").replace("default_config", "default")
                    .replace(".json", "");
            return QuantSimConfig.builtIn(alias);
        }

        /** The scheme that the exported files name or, where there are none, the simulation's own name. */
        String scheme() {
            Path exported = model.folder().resolve(name + "-0.6.1-" + model.name() + ".encodings");
            return Files.exists(exported)
                    ? Json.read(exported).get("quantizer_args").get("quant_scheme").asString()
                    : Stream.of("tf_enhanced", "percentile", "min_max").filter(name::contains).findFirst()
                    .orElseThrow();
        }

        QuantizationSimModel calibrated() {
            QuantizationSimModel sim = sim();
            try (var quiet = QuantLog.listen((level, area, message) -> { })) {
                sim.computeEncodings(graph -> {
                    for (int batch = 0; batch < model.batches() - 1; batch++) {
                        graph.callWith(List.of((Object[]) model.input(batch)));
                    }
                });
            }
            return sim;
        }
    }

    private static Stream<DynamicTest> each(String what, BiConsumer<Case, JsonValue> check) {
        List<Case> cases = new ArrayList<>();
        GoldenModels.all().forEach(model -> model.json().get("sims").fields().forEach((name, json) ->
                cases.add(new Case(model, name, json))));
        System.out.println("simulated models, " + what + ": " + cases.size() + " cases");
        return cases.stream().map(each -> dynamicTest(each.model().name() + " " + each.name() + " " + what,
                () -> check.accept(each, each.json().get("quantizers"))));
    }

    @TestFactory
    Stream<DynamicTest> placement() {
        return each("placement", (each, expected) -> {
            QuantizationSimModel sim = each.sim();
            Map<String, Quantizer> actual = byGoldenName(sim, expected.fields().keySet());
            assertThat(new TreeSet<>(actual.keySet())).as(sim.explain())
                    .isEqualTo(new TreeSet<>(expected.fields().keySet()));
            expected.fields().forEach((path, json) -> {
                Quantizer quantizer = actual.get(path);
                assertThat(quantizer.bitwidth()).as(path).isEqualTo(json.get("bitwidth").asInt());
                assertThat(quantizer.isSymmetric()).as(path).isEqualTo(json.get("symmetric").asBoolean());
                assertThat(quantizer.isSigned()).as(path).isEqualTo(json.get("signed").asBoolean());
                int[] shape = json.get("shape").asInts();
                assertThat(quantizer.shape().toArray()).as(path).isEqualTo(shape.length == 0 ? new int[] {1} : shape);
            });
        });
    }

    /**
     * The simulation's quantizers by path; a shared one under that of its paths that the golden data list it by, which
     * come in the order of the layers before preparation.
     */
    private static Map<String, Quantizer> byGoldenName(QuantizationSimModel sim, Set<String> listed) {
        Map<Quantizer, Set<String>> paths = new LinkedHashMap<>();
        sim.slotQuantizers().forEach(each ->
                paths.computeIfAbsent(each.quantizer(), quantizer -> new LinkedHashSet<>()).add(each.slot().path()));
        Map<String, Quantizer> found = new LinkedHashMap<>();
        paths.forEach((quantizer, names) -> {
            List<String> known = names.stream().filter(listed::contains).toList();
            assertThat(known.size()).as("%s should be one quantizer; golden data list %s", names, known)
                    .isLessThanOrEqualTo(1);
            found.put(known.isEmpty() ? names.iterator().next() : known.get(0), quantizer);
        });
        return found;
    }

    @TestFactory
    Stream<DynamicTest> encodings() {
        return each("encodings", (each, expected) -> {
            QuantizationSimModel sim = each.calibrated();
            Map<String, Quantizer> actual = byGoldenName(sim, expected.fields().keySet());
            expected.fields().forEach((path, json) -> {
                Quantizer quantizer = actual.get(path);
                boolean initialized = json.find("initialized").map(JsonValue::asBoolean).orElse(true);
                assertThat(quantizer.isInitialized()).as(path).isEqualTo(initialized);
                if (initialized) {
                    AffineEncoding encoding = (AffineEncoding) quantizer.encoding();
                    assertNear(path + " scale", encoding.scale(), json.get("scale").asDoubles());
                    assertNear(path + " min", encoding.min(), json.get("min").asDoubles());
                    assertNear(path + " max", encoding.max(), json.get("max").asDoubles());
                    assertNear(path + " offset", encoding.offset(), json.get("offset").asDoubles());
                }
            });
        });
    }

    private static void assertNear(String what, float[] actual, double[] expected) {
        assertThat(actual.length).as(what).isEqualTo(expected.length);
        for (int i = 0; i < expected.length; i++) {
            assertThat(Math.abs(actual[i] - expected[i])).as("%s[%d]: %s, expected %s", what, i, actual[i], expected[i])
                    .isLessThanOrEqualTo(1e-5 * Math.abs(expected[i]));
        }
    }

    @TestFactory
    Stream<DynamicTest> outputs() {
        return each("outputs", (each, quantizers) -> {
            QuantizationSimModel sim = each.calibrated();
            List<Tensor> expected = each.model().outputs(each.name() + ".output");
            assertThat(expected).isNotEmpty();
            Tensor[] actual;
            try (Dispatch.Scope grad = Dispatch.gradEnabled(false)) {
                actual = sim.model().callWith(List.of((Object[]) each.model().input(0)));
            }
            assertThat(actual).hasSize(expected.size());
            for (int i = 0; i < actual.length; i++) {
                assertOneStepApart(actual[i].toFloatArray(), expected.get(i).toFloatArray(), step(sim, actual[i]));
            }
        });
    }

    /** The step of an output's grid; of the coarsest grid of all for an output that carries none. */
    private static float step(QuantizationSimModel sim, Tensor output) {
        TensorEncoding known = TensorEncoding.of(output);
        if (known != null) {
            return ((AffineEncoding) known.encoding()).scale()[0];
        }
        float largest = 0;
        for (SlotQuantizer each : sim.slotQuantizers()) {
            if (each.slot().kind() == SlotId.Kind.OUTPUT && each.quantizer().isInitialized()) {
                largest = Math.max(largest, ((AffineEncoding) each.quantizer().encoding()).scale()[0]);
            }
        }
        return largest;
    }

    /** At most one quantization step apart, and equal in 99.9 % of places. */
    private static void assertOneStepApart(float[] actual, float[] expected, float step) {
        assertThat(actual.length).isEqualTo(expected.length);
        int different = 0;
        for (int i = 0; i < actual.length; i++) {
            float apart = Math.abs(actual[i] - expected[i]);
            assertThat(apart).as("[%d]: %s, expected %s", i, actual[i], expected[i]).isLessThanOrEqualTo(step * 1.001f);
            different += apart > step * 0.5f ? 1 : 0;
        }
        assertThat(different).isLessThanOrEqualTo((int) Math.max(0, actual.length * 0.001));
    }

    @TestFactory
    Stream<DynamicTest> text() {
        return each("text", (each, quantizers) -> {
            String expected = asTheGuidePrints(each.model().text("sim-" + each.name() + ".txt"));
            String actual = each.sim().model() + "\n";
            assertThat(code(actual)).isEqualTo(code(expected));
            assertThat(blocks(actual)).containsExactlyInAnyOrderElementsOf(blocks(expected));
        });
    }

    private static String asTheGuidePrints(String text) {
        return text.replace("shape=()", "shape=[1]").replaceAll("shape=\\(([0-9, ]+)\\)", "shape=[$1]")
                .replace("qmin=-8, qmax=7", "bitwidth=4").replace("qmin=-128, qmax=127", "bitwidth=8")
                .replace("qmin=0, qmax=255", "bitwidth=8").replace("qmin=0, qmax=15", "bitwidth=4");
    }

    private static String code(String text) {
        return text.substring(text.indexOf("\n)\n"));
    }

    /** Children of the model, each with all its lines, whatever their order. */
    private static Set<String> blocks(String text) {
        Set<String> blocks = new TreeSet<>();
        String head = text.substring(text.indexOf('\n') + 1, text.indexOf("\n)\n") + 1);
        for (String block : head.split("(?m)^(?=  \\()")) {
            blocks.add(block);
        }
        return blocks;
    }
}
