package org.bitgrid.quant.fold;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.bitgrid.nn.graph.GraphModule;
import org.bitgrid.quant.QuantLog;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.testing.GoldenModels;
import org.bitgrid.testing.GoldenModels.GoldenModel;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Folds every network of the golden data: number of pairs, text and weights must be AIMET's. */
class ModelsFoldGoldenTest {
    private static Stream<DynamicTest> each(String what, BiConsumer<GoldenModel, GraphModule> check) {
        List<GoldenModel> models = GoldenModels.all();
        System.out.println("folded models, " + what + ": " + models.size() + " cases");
        return models.stream().map(model -> dynamicTest(model.name() + " " + what, () -> {
            try (var quiet = QuantLog.listen((level, area, message) -> assertThat(level)
                    .isLessThan(System.Logger.Level.WARNING))) {
                check.accept(model, model.prepared());
            }
        }));
    }

    @TestFactory
    Stream<DynamicTest> pairs() {
        return each("pairs", (model, prepared) ->
                assertThat(BatchNormFolding.foldAllBatchNorms(prepared, model.input(0)).pairs())
                        .hasSize(model.json().get("folded_pairs").asInt()));
    }

    @TestFactory
    Stream<DynamicTest> text() {
        return each("text", (model, prepared) -> {
            BatchNormFolding.foldAllBatchNorms(prepared, model.input(0));
            assertThat(prepared + "\n").isEqualTo(model.text("folded.txt"));
        });
    }

    @TestFactory
    Stream<DynamicTest> weights() {
        return each("weights", (model, prepared) -> {
            BatchNormFolding.foldAllBatchNorms(prepared, model.input(0));
            Map<String, Tensor> expected = model.weights("folded");
            assertThat(prepared.stateDict().keySet()).containsAll(expected.keySet());
            expected.forEach((name, tensor) -> {
                Tensor actual = prepared.stateDict().get(name);
                assertThat(actual.shape()).isEqualTo(tensor.shape());
                float[] values = actual.toFloatArray();
                float[] golden = tensor.toFloatArray();
                for (int i = 0; i < golden.length; i++) {
                    assertThat(values[i]).as("%s[%d]", name, i).isCloseTo(golden[i], within(1e-6f));
                }
            });
        });
    }

    @TestFactory
    Stream<DynamicTest> sameOutputs() {
        return each("outputs", (model, prepared) -> {
            FoldReport report = BatchNormFolding.foldAllBatchNorms(prepared, model.input(0));
            // Folding reorders the roundings of a few layers of at most a hundred terms each.
            assertThat(report.maxDifference()).isLessThan(1e-5 * report.maxOutput());
            for (int batch = 0; batch < model.batches(); batch++) {
                List<Object> input = Arrays.asList((Object[]) model.input(batch));
                Tensor[] expected = model.network().callWith(input);
                Tensor[] actual = prepared.callWith(input);
                for (int i = 0; i < actual.length; i++) {
                    assertThat(actual[i].sub(expected[i]).abs().max().item())
                            .isLessThan(1e-5 * expected[i].abs().max().item());
                }
            }
        });
    }
}
