package org.bitgrid.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.bitgrid.nn.CrossEntropyLoss;
import org.bitgrid.nn.Parameter;
import org.bitgrid.nn.data.Batch;
import org.bitgrid.nn.data.IdxFile;
import org.bitgrid.nn.data.TensorDataset;
import org.bitgrid.nn.graph.GraphModule;
import org.bitgrid.nn.io.Json;
import org.bitgrid.nn.io.JsonValue;
import org.bitgrid.nn.io.SafeTensors;
import org.bitgrid.nn.optim.Adam;
import org.bitgrid.quant.QuantLog;
import org.bitgrid.quant.QuantScheme;
import org.bitgrid.quant.encoding.AffineEncoding;
import org.bitgrid.quant.fold.BatchNormFolding;
import org.bitgrid.quant.prepare.ModelPreparer;
import org.bitgrid.quant.quantizer.AffineQuantizer;
import org.bitgrid.quant.quantizer.Quantizer;
import org.bitgrid.quant.sim.QuantSimOptions;
import org.bitgrid.quant.sim.QuantizationSimModel;
import org.bitgrid.tensor.Dispatch;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.TensorScope;
import org.bitgrid.testing.GoldenModels;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * The quickstart's simulations on the real images: encodings, outputs, fine-tuning and the encodings that learning
 * leads to must be AIMET's.
 */
class QuickstartSimGoldenTest {
    private static final int BATCH = 128;
    private static final double RATE = 1e-4;
    /**
     * On a grid of 4 bits a sum that lies between two codes may round to the other one than PyTorch's, which adds in
     * another order; the score then moves by a fifteenth of its range, and the image's loss by up to 1, for this one
     * step. Steps without such an image agree to 1e-6; up to two of a step's images are allowed.
     */
    private static final double TWO_IMAGES = 2.0 / BATCH;
    private static final double ONE_CODE = 5e-3;

    private record Golden(JsonValue json, Map<String, Tensor> tensors, Map<String, Tensor> order,
                          Map<String, Tensor> trained, TensorDataset images, Path folder) {
        static Golden read() {
            Path folder = GoldenModels.folder("quickstart");
            Path images = Path.of(System.getProperty("bitgrid.data", ""));
            boolean there = Files.exists(images.resolve("train-images-idx3-ubyte.gz"));
            if (!there) {
                System.out.println("images: -Dbitgrid.data names no folder with Fashion-MNIST; cases are skipped");
            }
            Assumptions.assumeTrue(there, "no images");
            return new Golden(Json.read(folder.resolve("quantsim.json")),
                    SafeTensors.read(folder.resolve("quantsim.safetensors")),
                    SafeTensors.read(folder.resolve("order.safetensors")),
                    SafeTensors.read(folder.resolve("trained.safetensors")),
                    IdxFile.readDataset(images.resolve("train-images-idx3-ubyte.gz"),
                            images.resolve("train-labels-idx1-ubyte.gz"), 10), folder);
        }

        Batch batch(String name, int index) {
            long[] all = order.get(name).toLongArray();
            int[] indices = new int[BATCH];
            for (int i = 0; i < BATCH; i++) {
                indices[i] = (int) all[index * BATCH + i];
            }
            return images.batch(indices);
        }

        int batches(String name) {
            return (int) (order.get(name).numel() / BATCH);
        }

        GraphModule folded() {
            Network network = new Network();
            Map<String, Tensor> state = new LinkedHashMap<>(trained);
            network.stateDict().forEach(state::putIfAbsent); // counters of batches are not recorded
            network.loadStateDict(state);
            network.eval();
            try (Batch batch = batch("calibration", 0); var quiet = QuantLog.listen((level, area, message) -> { })) {
                GraphModule prepared = ModelPreparer.prepareModel(network, batch.inputs());
                BatchNormFolding.foldAllBatchNorms(prepared, batch.inputs());
                return prepared;
            }
        }
    }

    private record Case(String name, JsonValue json, Golden golden) {
        QuantSimOptions options() {
            boolean learns = json.find("learned_ranges").map(JsonValue::asBoolean).orElse(false);
            QuantScheme scheme = switch (json.get("analyzer").asString()) {
                case "sqnr" -> learns ? QuantScheme.RANGE_LEARNING_TF_ENHANCED_INIT : QuantScheme.TF_ENHANCED;
                case "min_max" -> learns ? QuantScheme.RANGE_LEARNING_TF_INIT : QuantScheme.MIN_MAX;
                case "percentile" -> QuantScheme.PERCENTILE;
                default -> throw new AssertionError("unknown analyzer " + json.get("analyzer"));
            };
            return QuantSimOptions.defaults().scheme(scheme).paramBitwidth(json.get("param_bw").asInt())
                    .outputBitwidth(json.get("output_bw").asInt())
                    .config(json.get("per_channel").asBoolean() ? "default_per_channel" : "default");
        }

        QuantizationSimModel calibrated() {
            try (var quiet = QuantLog.listen((level, area, message) -> { });
                    Batch sample = golden.batch("calibration", 0)) {
                QuantizationSimModel sim = new QuantizationSimModel(golden.folded(), sample.inputs(), options());
                json.find("percentile").ifPresent(value -> sim.setPercentileValue(value.asDouble()));
                sim.computeEncodings(model -> {
                    for (int i = 0; i < golden.batches("calibration"); i++) {
                        try (Batch batch = golden.batch("calibration", i); TensorScope scope = TensorScope.open()) {
                            model.call(batch.inputs());
                        }
                    }
                });
                return sim;
            }
        }
    }

    private interface Check {
        void run(Case each) throws IOException;
    }

    private static Stream<DynamicTest> each(String what, Check check) {
        Golden golden = Golden.read();
        List<Case> cases = new ArrayList<>();
        golden.json().get("sims").fields().forEach((name, json) -> cases.add(new Case(name, json, golden)));
        System.out.println("quickstart simulations, " + what + ": " + cases.size() + " cases");
        return cases.stream().map(each -> dynamicTest(each.name() + " " + what, () -> check.run(each)));
    }

    @TestFactory
    Stream<DynamicTest> encodings() {
        return each("encodings and outputs", each -> {
            QuantizationSimModel sim = each.calibrated();
            assertEncodings(sim, each.json().get("encodings"), 1e-4);
            Tensor golden = each.golden().tensors().get(each.name() + ".output");
            int[] indices = Arrays.stream(each.golden().tensors().get("x_index").toLongArray()).mapToInt(i -> (int) i)
                    .toArray();
            try (Batch batch = each.golden().images().batch(indices);
                    Dispatch.Scope grad = Dispatch.gradEnabled(false)) {
                float[] output = sim.model().call(batch.inputs()).toFloatArray();
                float[] expected = golden.toFloatArray();
                int different = 0;
                float step = ((AffineEncoding) sim.quantizers().get("module_softmax.output_quantizers.0").encoding())
                        .scale()[0];
                for (int i = 0; i < output.length; i++) {
                    different += Math.abs(output[i] - expected[i]) > step / 2 ? 1 : 0;
                }
                assertThat(different).as("outputs that differ").isLessThanOrEqualTo(output.length / 1000);
            }
        });
    }

    /** Accuracy on the 60,000 training and 10,000 test images, within 0.15 points of AIMET's. */
    @TestFactory
    Stream<DynamicTest> accuracies() {
        return each("accuracy", each -> {
            QuantizationSimModel sim = each.calibrated();
            assertThat(accuracy(sim, "t10k")).as("test images")
                    .isCloseTo(each.json().get("accuracy_test").asDouble(), within(0.15));
            assertThat(accuracy(sim, "train")).as("training images")
                    .isCloseTo(each.json().get("accuracy_train").asDouble(), within(0.15));
        });
    }

    /** Right predictions in per cent. */
    private static double accuracy(QuantizationSimModel sim, String set) {
        Path folder = Path.of(System.getProperty("bitgrid.data"));
        TensorDataset images = IdxFile.readDataset(folder.resolve(set + "-images-idx3-ubyte.gz"),
                folder.resolve(set + "-labels-idx1-ubyte.gz"), 10);
        long correct = 0;
        for (int start = 0; start < images.size(); start += 500) {
            int[] indices = IntStream.range(start, Math.min(start + 500, images.size())).toArray();
            try (Batch batch = images.batch(indices); TensorScope scope = TensorScope.open();
                    Dispatch.Scope grad = Dispatch.gradEnabled(false)) {
                correct += sim.model().call(batch.inputs()).argmax(1).countEqual(batch.targets()).itemLong();
            }
        }
        return 100.0 * correct / images.size();
    }

    private static void assertEncodings(QuantizationSimModel sim, JsonValue expected, double tolerance) {
        Map<String, Quantizer> quantizers = sim.quantizers();
        assertThat(new TreeSet<>(quantizers.keySet())).isEqualTo(new TreeSet<>(expected.fields().keySet()));
        expected.fields().forEach((path, json) -> {
            AffineQuantizer quantizer = (AffineQuantizer) quantizers.get(path);
            AffineEncoding encoding = (AffineEncoding) quantizer.encoding();
            assertThat(encoding.grid().qmin()).as(path).isEqualTo(json.get("qmin").asLong());
            assertThat(encoding.grid().qmax()).as(path).isEqualTo(json.get("qmax").asLong());
            assertThat(encoding.symmetric()).as(path).isEqualTo(json.get("symmetric").asBoolean());
            assertNear(path + " scale", encoding.scale(), json.get("scale").asDoubles(), tolerance);
            assertNear(path + " min", encoding.min(), json.get("min").asDoubles(), tolerance);
            assertNear(path + " max", encoding.max(), json.get("max").asDoubles(), tolerance);
            assertNear(path + " offset", encoding.offset(), json.get("offset").asDoubles(), 0);
            float[] low = quantizer.minimum().toFloatArray();
            float[] high = quantizer.maximum().toFloatArray();
            assertNear(path + " raw_min", low, json.get("raw_min").asDoubles(), tolerance);
            assertNear(path + " raw_max", high, json.get("raw_max").asDoubles(), tolerance);
        });
    }

    private static void assertNear(String what, float[] actual, double[] expected, double tolerance) {
        assertThat(actual.length).as(what).isEqualTo(expected.length);
        for (int i = 0; i < expected.length; i++) {
            assertThat(Math.abs(actual[i] - expected[i])).as("%s[%d]: %s, expected %s", what, i, actual[i], expected[i])
                    .isLessThanOrEqualTo(tolerance * Math.abs(expected[i]));
        }
    }

    /** Fine-tunes, and gives the loss of each step. */
    private static double[] fineTune(QuantizationSimModel sim, Golden golden, int steps,
                                     Consumer<Map<String, Parameter>> afterFirstBackward) {
        sim.model().train();
        CrossEntropyLoss lossFunction = new CrossEntropyLoss();
        Adam optimizer = new Adam(sim.model().parameters(), RATE);
        double[] losses = new double[steps];
        for (int step = 0; step < steps; step++) {
            try (Batch batch = golden.batch("qat", step); TensorScope scope = TensorScope.open()) {
                Tensor loss = lossFunction.call(sim.model().call(batch.inputs()), batch.targets());
                losses[step] = loss.item();
                loss.backward();
                if (step == 0) {
                    afterFirstBackward.accept(sim.model().namedParameters());
                }
                optimizer.step();
                optimizer.zeroGrad();
            }
        }
        return losses;
    }

    /**
     * Gradients of the first step, as parts of the tensor's largest, or for ranges of the largest of all ranges. Where
     * no code falls to the other side they agree to 1e-5; one that does, of the million in a batch, changes a channel's
     * gradients by a few thousandths.
     */
    private static void assertGradients(Case each, Map<String, Parameter> parameters) {
        String prefix = each.name() + ".grad.";
        Map<String, Tensor> golden = each.golden().tensors();
        double largestOfRanges = parameters.keySet().stream().filter(QuickstartSimGoldenTest::isRange)
                .filter(name -> golden.containsKey(prefix + name))
                .mapToDouble(name -> golden.get(prefix + name).abs().max().item()).max().orElse(0);
        parameters.forEach((name, parameter) -> {
            Tensor expected = golden.get(prefix + name);
            if (expected != null && parameter.requiresGrad()) {
                assertThat(parameter.grad().numel()).as(name).isEqualTo(expected.numel());
                double difference = parameter.grad().reshape(expected.shape().toArray()).sub(expected).abs().max()
                        .item();
                double allowed = ONE_CODE * (isRange(name) ? largestOfRanges : expected.abs().max().item());
                assertThat(difference).as("gradient of " + name).isLessThanOrEqualTo(allowed);
            }
        });
    }

    private static boolean isRange(String parameter) {
        return parameter.endsWith(".min") || parameter.endsWith(".max");
    }

    /** As AIMET was run: ranges learn wherever gradients of ranges are recorded. */
    @TestFactory
    Stream<DynamicTest> fineTuning() {
        return each("fine-tuning", each -> {
            QuantizationSimModel sim = each.calibrated();
            Map<String, Tensor> golden = each.golden().tensors();
            sim.quantizers().forEach((path, quantizer) -> quantizer.requiresGrad(
                    golden.containsKey(each.name() + ".grad." + path + ".min")));
            double[] expected = each.json().get("qat_losses").asDoubles();
            double[] losses = fineTune(sim, each.golden(), expected.length,
                    parameters -> assertGradients(each, parameters));
            assertLosses(each, losses, expected);
            JsonValue after = each.json().find("encodings_after_qat").orElse(null);
            if (after != null) {
                assertLearned(sim, after, expected.length);
            }
        });
    }

    /** Schemes that do not learn ranges, a few steps of each; weights alone make nearly all of the difference. */
    @TestFactory
    Stream<DynamicTest> fineTuningWithFixedRanges() {
        return each("fine-tuning with fixed ranges", each -> {
            QuantSimOptions options = each.options();
            Assumptions.assumeFalse(options.scheme().learnsRange(), "its ranges learn");
            QuantizationSimModel sim = each.calibrated();
            List<float[]> before = sim.quantizerParameters().values().stream()
                    .map(parameter -> parameter.held().toFloatArray()).toList();
            double[] expected = Arrays.copyOf(each.json().get("qat_losses").asDoubles(), 10);
            assertLosses(each, fineTune(sim, each.golden(), expected.length, parameters -> { }), expected);
            List<float[]> after = sim.quantizerParameters().values().stream()
                    .map(parameter -> parameter.held().toFloatArray()).toList();
            for (int i = 0; i < before.size(); i++) {
                assertThat(after.get(i)).isEqualTo(before.get(i));
            }
        });
    }

    private static void assertLosses(Case each, double[] losses, double[] expected) {
        double sum = 0;
        double largest = 0;
        for (int i = 0; i < losses.length; i++) {
            double difference = Math.abs(losses[i] - expected[i]);
            sum += difference;
            largest = Math.max(largest, difference);
        }
        System.out.printf("%s: loss of step 1 differs by %.2e, mean of %d steps %.2e, largest %.2e%n", each.name(),
                Math.abs(losses[0] - expected[0]), losses.length, sum / losses.length, largest);
        assertThat(Math.abs(losses[0] - expected[0])).isLessThanOrEqualTo(1e-6);
        assertThat(sum / losses.length).isLessThanOrEqualTo(2e-3);
        assertThat(largest).isLessThanOrEqualTo(each.json().get("output_bw").asInt() > 4 ? 1e-2 : TWO_IMAGES);
    }

    /**
     * Adam moves a range by at most its rate in each step, and by little less: where it moves the other way than
     * AIMET's, because gradients are small differences of large sums, the two are at most twice that apart.
     */
    private static void assertLearned(QuantizationSimModel sim, JsonValue expected, int steps) {
        expected.fields().forEach((path, json) -> {
            AffineQuantizer quantizer = (AffineQuantizer) sim.quantizers().get(path);
            double[] min = json.get("raw_min").asDoubles();
            double[] max = json.get("raw_max").asDoubles();
            float[] actualMin = quantizer.minimum().toFloatArray();
            float[] actualMax = quantizer.maximum().toFloatArray();
            double worst = 0;
            for (int i = 0; i < min.length; i++) {
                worst = Math.max(worst, Math.max(Math.abs(actualMin[i] - min[i]), Math.abs(actualMax[i] - max[i])));
            }
            System.out.printf("  %s: ends of ranges differ by %.2e%n", path, worst);
            assertThat(worst).as(path).isLessThanOrEqualTo(2 * RATE * steps);
        });
    }

    @Test
    void printsWhatAimetPrints() throws IOException {
        Golden golden = Golden.read();
        try (Batch sample = golden.batch("calibration", 0)) {
            String actual = new QuantizationSimModel(golden.folded(), sample.inputs(), QuantSimOptions.defaults()
                    .outputBitwidth(8).paramBitwidth(4)).model() + "\n";
            String expected = Files.readString(golden.folder().resolve("sim.txt")).replace("shape=()", "shape=[1]")
                    .replace("qmin=-8, qmax=7", "bitwidth=4").replace("qmin=0, qmax=255", "bitwidth=8");
            assertThat(actual.lines().sorted().toList()).isEqualTo(expected.lines().sorted().toList());
            assertThat(actual.indexOf("(module_relu)")).isBetween(0, actual.indexOf("(conv2)")); // as they run
        }
    }
}
