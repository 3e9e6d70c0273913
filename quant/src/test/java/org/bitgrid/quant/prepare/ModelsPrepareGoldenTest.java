package org.bitgrid.quant.prepare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.bitgrid.nn.graph.GraphModule;
import org.bitgrid.quant.QuantLog;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.testing.GoldenModels;
import org.bitgrid.testing.GoldenModels.GoldenModel;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Prepares every network of the golden data: log lines, text and outputs must be AIMET's. */
class ModelsPrepareGoldenTest {
    private static Stream<DynamicTest> each(String what, BiConsumer<GoldenModel, GraphModule> check) {
        List<GoldenModel> models = GoldenModels.all();
        System.out.println("prepared models, " + what + ": " + models.size() + " cases");
        return models.stream().map(model -> dynamicTest(model.name() + " " + what, () -> {
            try (var quiet = QuantLog.listen((level, area, message) -> { })) {
                check.accept(model, model.prepared());
            }
        }));
    }

    @TestFactory
    Stream<DynamicTest> floatOutputs() {
        return each("float outputs", (model, prepared) -> {
            Tensor[] outputs = model.network().callWith(Arrays.asList((Object[]) model.input(0)));
            List<Tensor> expected = model.outputs("float_output");
            assertThat(outputs).hasSize(expected.size());
            for (int i = 0; i < outputs.length; i++) {
                // Two float32 runs of some ten layers; golden outputs are of order 1.
                assertThat(largestDifference(outputs[i], expected.get(i))).isLessThan(2e-6);
            }
        });
    }

    @TestFactory
    Stream<DynamicTest> logLines() {
        return each("log lines", (model, ignored) -> {
            List<String> lines = new ArrayList<>();
            try (var scope = QuantLog.listen((level, area, message) -> {
                if (level == System.Logger.Level.INFO) {
                    assertThat(area).isEqualTo("ModelPreparer");
                    lines.add(message);
                }
            })) {
                model.prepared();
            }
            assertThat(lines).isEqualTo(model.json().get("prepare_log").asStrings());
        });
    }

    @TestFactory
    Stream<DynamicTest> text() {
        return each("text", (model, prepared) ->
                assertThat(prepared + "\n").isEqualTo(model.text("prepared.txt")));
    }

    @TestFactory
    Stream<DynamicTest> sameOutputs() {
        return each("outputs", (model, prepared) -> {
            for (int batch = 0; batch < model.batches(); batch++) {
                List<Object> input = Arrays.asList((Object[]) model.input(batch));
                Tensor[] expected = model.network().callWith(input);
                Tensor[] actual = prepared.callWith(input);
                assertThat(actual).hasSize(expected.length);
                for (int i = 0; i < actual.length; i++) {
                    assertThat(actual[i].toFloatArray()).isEqualTo(expected[i].toFloatArray());
                }
            }
        });
    }

    @TestFactory
    Stream<DynamicTest> verdicts() {
        return each("verdicts of the validator", (model, prepared) -> {
            assertThat(ModelValidator.validateModel(model.network(), model.input(0)))
                    .isEqualTo(model.json().get("valid_before_prepare").asBoolean());
            assertThat(ModelValidator.validateModel(prepared, model.input(0)))
                    .isEqualTo(model.json().get("valid_after_prepare").asBoolean());
        });
    }

    private static double largestDifference(Tensor a, Tensor b) {
        return a.sub(b).abs().max().item();
    }
}
