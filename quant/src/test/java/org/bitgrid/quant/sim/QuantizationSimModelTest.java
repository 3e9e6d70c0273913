package org.bitgrid.quant.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.bitgrid.nn.Conv2d;
import org.bitgrid.nn.F;
import org.bitgrid.nn.Linear;
import org.bitgrid.nn.Module;
import org.bitgrid.nn.Parameter;
import org.bitgrid.nn.ReLU;
import org.bitgrid.nn.graph.GraphModule;
import org.bitgrid.nn.optim.SGD;
import org.bitgrid.quant.QuantLog;
import org.bitgrid.quant.QuantScheme;
import org.bitgrid.quant.encoding.AffineEncoding;
import org.bitgrid.quant.encoding.FloatFormat;
import org.bitgrid.quant.prepare.ModelPreparer;
import org.bitgrid.quant.quantizer.AffineQuantizer;
import org.bitgrid.quant.quantizer.GroupedBlockQuantizeDequantize;
import org.bitgrid.quant.quantizer.Quantizer;
import org.bitgrid.tensor.Dispatch;
import org.bitgrid.tensor.Rng;
import org.bitgrid.tensor.StateException;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.TensorScope;
import org.bitgrid.tensor.Tensors;
import org.junit.jupiter.api.Test;

/** Making, calibrating, changing and training simulations. */
class QuantizationSimModelTest {
    private static final Tensor X = Tensors.randn(new Rng(11), 6, 4, 5, 5);

    /** Two convolutions that are concatenated, a rectifier, and a linear map. */
    static class Network extends Module {
        final Conv2d left = add("left", new Conv2d(4, 4, 1));
        final Conv2d right = add("right", new Conv2d(4, 8, 1));
        final ReLU relu = add("relu", new ReLU());
        final Linear linear = add("linear", new Linear(12, 3));

        @Override
        protected Tensor forward(Tensor x) {
            Tensor joined = relu.call(F.cat(List.of(left.call(x), right.call(x)), 1));
            return linear.call(joined.mean(List.of(2, 3), false));
        }
    }

    private static GraphModule prepared() {
        Rng.setCurrent(new Rng(5)); // the same weights each time
        try (var quiet = QuantLog.listen((level, area, message) -> { })) {
            return ModelPreparer.prepareModel(new Network().eval(), X);
        }
    }

    private static QuantizationSimModel sim(QuantSimOptions options) {
        return new QuantizationSimModel(prepared(), X, options);
    }

    private static QuantizationSimModel calibrated(QuantSimOptions options) {
        QuantizationSimModel sim = sim(options);
        sim.computeEncodings(model -> model.call(X));
        return sim;
    }

    private static final QuantSimOptions MIN_MAX = QuantSimOptions.defaults().scheme(QuantScheme.MIN_MAX);

    private static float[] run(QuantizationSimModel sim) {
        try (Dispatch.Scope grad = Dispatch.gradEnabled(false)) {
            return sim.model().call(X).toFloatArray();
        }
    }

    private static AffineQuantizer affine(QuantizationSimModel sim, String path) {
        return (AffineQuantizer) sim.quantizers().get(path);
    }

    // ------------------------------------------------------------------ making

    @Test
    void aCopyUnlessInPlace() {
        GraphModule model = prepared();
        String before = model.toString();
        QuantizationSimModel copy = new QuantizationSimModel(model, X, MIN_MAX);
        assertThat(model).hasToString(before);
        assertThat(copy.model().get("linear").ownParameters().get("weight"))
                .isNotSameAs(model.get("linear").ownParameters().get("weight"));
        QuantizationSimModel inPlace = new QuantizationSimModel(model, X, MIN_MAX.inPlace(true));
        assertThat(inPlace.model()).isSameAs(model);
        assertThat(model.toString()).contains("QuantizedLinear");
    }

    @Test
    void refusesWhatIsQuantizedAlready() {
        assertThatThrownBy(() -> new QuantizationSimModel(sim(MIN_MAX).model(), X, MIN_MAX))
                .isInstanceOf(StateException.class).hasMessageContaining("without quantized modules")
                .hasMessageContaining("left");
    }

    @Test
    void refusesBitWidths() {
        assertThatThrownBy(() -> MIN_MAX.paramBitwidth(1)).hasMessage(
                "quantsim options: param bit width must lie between 2 and 32; got 1");
        assertThatThrownBy(() -> MIN_MAX.outputBitwidth(33)).hasMessageContaining("output bit width");
        assertThatThrownBy(() -> sim(MIN_MAX.floatingPoint(true))).hasMessageContaining("floating point has 16 or 32");
    }

    @Test
    void everyBitWidthRuns() {
        for (int bits = 2; bits <= 32; bits++) {
            QuantizationSimModel sim = calibrated(MIN_MAX.paramBitwidth(bits).outputBitwidth(bits));
            assertThat(run(sim)).as("%d bits", bits).doesNotContain(Float.NaN);
        }
    }

    @Test
    void moreBitsAreNearerToTheModel() {
        float[] exact = prepared().call(X).toFloatArray();
        double last = Double.POSITIVE_INFINITY;
        for (int bits : new int[] {4, 8, 16}) {
            float[] output = run(calibrated(MIN_MAX.paramBitwidth(bits).outputBitwidth(bits)));
            double error = 0;
            for (int i = 0; i < exact.length; i++) {
                error += Math.abs(output[i] - exact[i]);
            }
            assertThat(error).isLessThan(last / 4);
            last = error;
        }
    }

    @Test
    void floatingPoint() {
        QuantizationSimModel half = sim(MIN_MAX.floatingPoint(true).outputBitwidth(16).paramBitwidth(16));
        assertThat(half.quantizers()).isNotEmpty();
        assertThat(run(half)).isNotEqualTo(prepared().call(X).toFloatArray());
        QuantizationSimModel full = sim(MIN_MAX.floatingPoint(true).outputBitwidth(32).paramBitwidth(32));
        assertThat(full.quantizers()).isEmpty();
        assertThat(run(full)).isEqualTo(prepared().call(X).toFloatArray());
    }

    @Test
    void printsItsReport() {
        String text = sim(MIN_MAX).toString();
        assertThat(text).startsWith("-------------------------\nQuantized Model Report\n-------------------------\n"
                + "GraphModule(\n  (left): QuantizedConv2d(\n").endsWith("print_readable()`\n");
    }

    // ------------------------------------------------------------------ calibration

    @Test
    void weightsAreQuantizedAndActivationsAreNotWhileCalibrating() {
        QuantizationSimModel sim = sim(MIN_MAX.paramBitwidth(4));
        float[][] during = new float[1][];
        sim.computeEncodings(model -> during[0] = model.call(X).toFloatArray());
        try (var none = sim.layers().removeActivationQuantizers()) {
            assertThat(run(sim)).isEqualTo(during[0]);
        }
        assertThat(run(sim)).isNotEqualTo(during[0]);
    }

    @Test
    void theScopeLeavesModesAloneAndTheCallbackRestoresThem() {
        QuantizationSimModel sim = sim(MIN_MAX);
        sim.model().train();
        sim.model().get("relu").eval();
        try (SimCalibration calibration = sim.computeEncodings()) {
            assertThat(sim.model().isTraining()).isTrue();
            sim.model().call(X);
        }
        sim.computeEncodings(model -> {
            assertThat(model.modules()).noneMatch(Module::isTraining);
            assertThat(Dispatch.isGradEnabled()).isFalse();
            model.call(X);
        });
        assertThat(sim.model().isTraining()).isTrue();
        assertThat(sim.model().get("linear").isTraining()).isTrue();
        assertThat(sim.model().get("relu").isTraining()).isFalse();
    }

    @Test
    void anExceptionLeavesActivationsAsTheyWere() {
        QuantizationSimModel sim = calibrated(MIN_MAX);
        double before = affine(sim, "linear.output_quantizers.0").maximum().item();
        assertThatThrownBy(() -> sim.computeEncodings(model -> {
            model.call(X.mul(100));
            throw new IllegalStateException("out of data");
        })).hasMessage("out of data");
        assertThat(affine(sim, "linear.output_quantizers.0").maximum().item()).isEqualTo(before);
        assertThat(affine(sim, "linear.output_quantizers.0").isCalibrating()).isFalse();
        try (SimCalibration calibration = sim.computeEncodings()) {
            sim.model().call(X.mul(100));
            calibration.abort();
        }
        assertThat(affine(sim, "linear.output_quantizers.0").maximum().item()).isEqualTo(before);
    }

    @Test
    void saysWhichQuantizersSawNoData() {
        List<String> log = new ArrayList<>();
        QuantizationSimModel sim = sim(MIN_MAX);
        try (var listener = QuantLog.listen((level, area, message) -> log.add(area + ": " + message))) {
            sim.computeEncodings(model -> { });
        }
        CalibrationReport report = sim.lastCalibration().orElseThrow();
        assertThat(report.unseen()).hasSize(report.enabled()).contains(SlotId.input("left", 0));
        assertThat(log).singleElement().asString().startsWith("Quant: calibrate: " + report.enabled() + " of "
                + report.enabled() + " enabled quantizers saw no data: left.input[0], ");
        sim.computeEncodings(model -> model.call(X));
        assertThat(sim.lastCalibration().orElseThrow().isComplete()).isTrue();
    }

    @Test
    void reportsValuesThatAreNotFiniteByLayer() {
        List<String> log = new ArrayList<>();
        QuantizationSimModel sim = sim(MIN_MAX);
        Tensor bad = X.clone();
        bad.select(0, 0).mulInPlace(Double.POSITIVE_INFINITY);
        try (var listener = QuantLog.listen((level, area, message) -> log.add(message))) {
            sim.computeEncodings(model -> model.call(bad));
        }
        assertThat(log).anyMatch(line -> line.startsWith("calibrate: left.input[0] saw values that are not finite: "));
    }

    @Test
    void severalSimulationsAtOnce() {
        List<QuantizationSimModel> sims = List.of(sim(MIN_MAX), sim(MIN_MAX.outputBitwidth(4)));
        QuantizationSimModel.computeEncodings(sims, models -> models.forEach(model -> model.call(X)));
        assertThat(run(sims.get(0))).isEqualTo(run(calibrated(MIN_MAX)));
        assertThat(run(sims.get(1))).isEqualTo(run(calibrated(MIN_MAX.outputBitwidth(4))));
    }

    @Test
    void freezingIsHonouredByLaterCalibration() {
        QuantizationSimModel sim = calibrated(MIN_MAX);
        sim.layers("linear").freeze(SlotId.Kind.OUTPUT, SlotId.Kind.PARAM);
        float[] weight = affine(sim, "linear.param_quantizers.weight").maximum().toFloatArray();
        double output = affine(sim, "linear.output_quantizers.0").maximum().item();
        double input = affine(sim, "left.input_quantizers.0").maximum().item();
        sim.quantizedModule("linear").ownParameters().get("weight").set(Tensors.ones(3, 12));
        sim.computeEncodings(model -> model.call(X.mul(3)));
        assertThat(affine(sim, "linear.param_quantizers.weight").maximum().toFloatArray()).isEqualTo(weight);
        assertThat(affine(sim, "linear.output_quantizers.0").maximum().item()).isEqualTo(output);
        assertThat(affine(sim, "left.input_quantizers.0").maximum().item()).isNotEqualTo(input);
    }

    @Test
    void aStateDictRestoresRangesAndThatTheyAreKnown() {
        QuantizationSimModel sim = calibrated(MIN_MAX.paramBitwidth(4));
        QuantizationSimModel other = sim(MIN_MAX.paramBitwidth(4));
        Map<String, Tensor> state = new LinkedHashMap<>(sim.model().stateDict());
        other.model().loadStateDict(state);
        assertThat(other.quantizers().values()).allMatch(Quantizer::isInitialized);
        assertThat(run(other)).isEqualTo(run(sim));
    }

    @Test
    void percentiles() {
        QuantizationSimModel sim = sim(QuantSimOptions.defaults().scheme(QuantScheme.PERCENTILE));
        sim.computeEncodings(model -> model.call(X));
        double all = affine(sim, "left.input_quantizers.0").maximum().item();
        sim.setPercentileValue(90);
        sim.computeEncodings(model -> model.call(X));
        assertThat(affine(sim, "left.input_quantizers.0").maximum().item()).isLessThan(all * 0.9);
    }

    // ------------------------------------------------------------------ changing

    @Test
    void overridesByLayerAndByClass() {
        QuantizationSimModel sim = sim(MIN_MAX);
        sim.layersOf(Conv2d.class).paramBitwidth(4).symmetricParams(false);
        sim.layers("linear").outputBitwidth(16).symmetricActivations(true);
        assertThat(affine(sim, "left.param_quantizers.weight").bitwidth()).isEqualTo(4);
        assertThat(affine(sim, "right.param_quantizers.weight").isSigned()).isFalse();
        assertThat(affine(sim, "linear.param_quantizers.weight").bitwidth()).isEqualTo(8);
        assertThat(affine(sim, "linear.output_quantizers.0").bitwidth()).isEqualTo(16);
        assertThat(affine(sim, "linear.output_quantizers.0").isSigned()).isTrue();
        sim.computeEncodings(model -> model.call(X));
        assertThat(run(sim)).doesNotContain(Float.NaN);
        assertThatThrownBy(() -> sim.layers("liner")).isInstanceOf(StateException.class)
                .hasMessageContaining("has no quantized module \"liner\"");
    }

    @Test
    void excludesLayersAndParameters() {
        QuantizationSimModel sim = sim(MIN_MAX);
        sim.excludeLayersFromQuantization("linear");
        assertThat(sim.quantizers().keySet()).noneMatch(path -> path.startsWith("linear."));
        assertThat(sim.excludedLayers()).containsExactly("linear");
        sim.excludeParamFromQuantization("weight");
        assertThat(sim.quantizers().keySet()).noneMatch(path -> path.contains("param_quantizers"));
    }

    @Test
    void removalCanBeUndone() {
        QuantizationSimModel sim = calibrated(MIN_MAX.paramBitwidth(4));
        float[] before = run(sim);
        try (var none = sim.layers().removeAllQuantizers()) {
            assertThat(sim.quantizers()).isEmpty();
            assertThat(run(sim)).isEqualTo(prepared().call(X).toFloatArray());
        }
        assertThat(run(sim)).isEqualTo(before);
    }

    @Test
    void foldedParametersGiveTheSameResults() {
        QuantizationSimModel sim = calibrated(MIN_MAX.paramBitwidth(4));
        float[] before = run(sim);
        float[] weight = sim.quantizedModule("linear").ownParameters().get("weight").held().toFloatArray();
        try (var folded = sim.foldParamQuantizers()) {
            assertThat(sim.quantizedModule("linear").paramQuantizer("weight")).isNull();
            assertThat(run(sim)).isEqualTo(before);
            assertThat(sim.quantizedModule("linear").ownParameters().get("weight").held().toFloatArray())
                    .isNotEqualTo(weight);
        }
        assertThat(sim.quantizedModule("linear").ownParameters().get("weight").held().toFloatArray()).isEqualTo(weight);
        assertThat(run(sim)).isEqualTo(before);
    }

    @Test
    void theOriginalModelWithItsWeightsOrWithQuantizedOnes() {
        QuantizationSimModel sim = calibrated(MIN_MAX.paramBitwidth(4));
        GraphModule plain = sim.getOriginalModel(false);
        assertThat(plain).hasToString(prepared().copy().toString());
        assertThat(plain.call(X).toFloatArray()).isEqualTo(prepared().call(X).toFloatArray());
        GraphModule baked = sim.getOriginalModel(true);
        try (var none = sim.layers().removeActivationQuantizers()) {
            assertThat(baked.call(X).toFloatArray()).isEqualTo(run(sim));
        }
        assertThat(sim.model().get("linear").toString()).startsWith("QuantizedLinear");
    }

    @Test
    void concatenationsAndRectifiersShareTheirEncoding() {
        QuantizationSimModel sim = sim(MIN_MAX);
        Quantizer shared = sim.quantizer(SlotId.output("relu", 0));
        assertThat(sim.quantizer(SlotId.output("module_cat", 0))).isSameAs(shared);
        assertThat(sim.quantizer(SlotId.output("left", 0))).isSameAs(shared);
        assertThat(sim.quantizer(SlotId.output("right", 0))).isSameAs(shared);
        assertThat(sim.quantizers().values()).doesNotHaveDuplicates();
    }

    @Test
    void propagatesOutputEncodings() {
        QuantizationSimModel sim = sim(MIN_MAX);
        Quantizer mean = sim.quantizer(SlotId.output("module_mean", 0));
        sim.propagateOutputEncodings(module -> module == sim.quantizedModule("module_mean"));
        assertThat(sim.quantizer(SlotId.output("relu", 0))).isSameAs(mean);
        sim.set(SlotId.output("linear", 0), null);
        assertThatThrownBy(() -> sim.propagateOutputEncodings(module -> module.layer() instanceof Linear))
                .isInstanceOf(StateException.class).hasMessageContaining("linear with 1 outputs, without quantizer");
    }

    @Test
    void blockwiseWeights() {
        QuantizationSimModel sim = sim(MIN_MAX);
        sim.layersOf(Linear.class, Conv2d.class).blockwiseWeights(4, true, 2);
        assertThat(affine(sim, "linear.param_quantizers.weight").shape().toArray()).containsExactly(3, 6);
        assertThat(affine(sim, "linear.param_quantizers.weight").blockSize()).containsExactly(1, 2);
        assertThat(affine(sim, "left.param_quantizers.weight").shape().toArray()).containsExactly(4, 2, 1, 1);
        sim.computeEncodings(model -> model.call(X));
        assertThat(run(sim)).doesNotContain(Float.NaN);
        String before = sim.toString();
        assertThatThrownBy(() -> sim.layersOf(Linear.class, Conv2d.class).blockwiseWeights(4, true, 3))
                .isInstanceOf(StateException.class).hasMessageContaining("got 3 for 4 channels of left");
        assertThat(sim).hasToString(before);
    }

    @Test
    void groupedBlockwiseWeights() {
        QuantizationSimModel sim = sim(MIN_MAX);
        sim.layers("linear").groupedBlockwiseWeights(4, 8, 4);
        var grouped = (GroupedBlockQuantizeDequantize) sim.quantizedModule("linear").paramQuantizer("weight");
        assertThat(grouped.blockGrouping()).containsExactly(1, -1);
        sim.computeEncodings(model -> model.call(X));
        for (float scale : grouped.perBlockIntegerScale().toFloatArray()) {
            assertThat(scale).isBetween(1f, 16f).isEqualTo(Math.round(scale));
        }
    }

    @Test
    void activationsAsFloatingPoint() {
        QuantizationSimModel sim = sim(MIN_MAX);
        sim.layers().floatActivations(FloatFormat.FLOAT16);
        assertThat(sim.quantizer(SlotId.output("left", 0))).isSameAs(sim.quantizer(SlotId.output("relu", 0)));
        assertThat(run(sim)).doesNotContain(Float.NaN); // 16-bit formats need no calibration
    }

    // ------------------------------------------------------------------ training

    private static Map<String, float[]> ranges(QuantizationSimModel sim) {
        Map<String, float[]> ranges = new LinkedHashMap<>();
        sim.quantizerParameters().forEach((path, parameter) -> ranges.put(path, parameter.held().toFloatArray()));
        return ranges;
    }

    private static double step(QuantizationSimModel sim, SGD optimizer) {
        Tensor loss = sim.model().call(X).sub(1).square().mean();
        loss.backward();
        optimizer.step();
        optimizer.zeroGrad();
        return loss.item();
    }

    @Test
    void fixedRangesStayWhileWeightsLearn() {
        QuantizationSimModel sim = calibrated(MIN_MAX.paramBitwidth(4));
        Map<String, float[]> before = ranges(sim);
        float[] weight = sim.quantizedModule("linear").ownParameters().get("weight").held().toFloatArray();
        SGD optimizer = new SGD(sim.model().parameters(), 0.05);
        double first = step(sim, optimizer);
        double last = first;
        for (int i = 0; i < 20; i++) {
            last = step(sim, optimizer);
        }
        assertThat(last).isLessThan(first * 0.8);
        assertThat(sim.quantizedModule("linear").ownParameters().get("weight").held().toFloatArray())
                .isNotEqualTo(weight);
        ranges(sim).forEach((path, ends) -> assertThat(ends).as(path).isEqualTo(before.get(path)));
    }

    @Test
    void learningRangesMoveAndOthersDoNot() {
        QuantizationSimModel sim = calibrated(MIN_MAX.scheme(QuantScheme.RANGE_LEARNING_TF_INIT).paramBitwidth(4));
        sim.layers("linear").freeze(SlotId.Kind.OUTPUT);
        Map<String, float[]> before = ranges(sim);
        SGD optimizer = new SGD(sim.model().parameters(), 0.05);
        step(sim, optimizer);
        Map<String, float[]> after = ranges(sim);
        assertThat(after.get("linear.param_quantizers.weight.max"))
                .isNotEqualTo(before.get("linear.param_quantizers.weight.max"));
        assertThat(after.get("linear.output_quantizers.0.max"))
                .isEqualTo(before.get("linear.output_quantizers.0.max"));
        assertThat(sim.quantizerParameters().values()).filteredOn(Parameter::requiresGrad).isNotEmpty();
    }

    // ------------------------------------------------------------------ threads

    @Test
    void manyThreadsEvaluateOneSimulation() throws InterruptedException, ExecutionException {
        QuantizationSimModel sim = calibrated(MIN_MAX.paramBitwidth(4));
        float[] expected = run(calibrated(MIN_MAX.paramBitwidth(4)));
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            List<Future<float[]>> results = new ArrayList<>();
            for (int i = 0; i < 48; i++) {
                results.add(threads.submit(() -> {
                    try (TensorScope scope = TensorScope.open()) {
                        return run(sim);
                    }
                }));
            }
            for (Future<float[]> result : results) {
                assertThat(result.get()).isEqualTo(expected);
            }
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void codesOfTheOutputLieOnItsGrid() {
        QuantizationSimModel sim = calibrated(MIN_MAX);
        AffineEncoding encoding = (AffineEncoding) affine(sim, "linear.output_quantizers.0").encoding();
        for (float value : run(sim)) {
            double code = value / encoding.scale()[0];
            assertThat(Math.abs(code - Math.rint(code))).isLessThan(1e-3);
        }
    }
}
