package org.bitgrid.quant.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.bitgrid.nn.BatchNorm2d;
import org.bitgrid.nn.Conv2d;
import org.bitgrid.nn.ConvTranspose2d;
import org.bitgrid.nn.Embedding;
import org.bitgrid.nn.GELU;
import org.bitgrid.nn.GroupNorm;
import org.bitgrid.nn.LayerNorm;
import org.bitgrid.nn.Linear;
import org.bitgrid.nn.Module;
import org.bitgrid.nn.Parameter;
import org.bitgrid.nn.ReLU;
import org.bitgrid.nn.Sequential;
import org.bitgrid.nn.Sigmoid;
import org.bitgrid.nn.Softmax;
import org.bitgrid.nn.Tanh;
import org.bitgrid.nn.Upsample;
import org.bitgrid.quant.QuantLog;
import org.bitgrid.quant.config.QuantSimConfig;
import org.bitgrid.quant.prepare.ModelPreparer;
import org.bitgrid.quant.quantizer.AffineQuantizer;
import org.bitgrid.tensor.DType;
import org.bitgrid.tensor.Shape;
import org.bitgrid.tensor.StateException;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.Tensors;
import org.bitgrid.testing.GoldenModels;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Which rule decides what, on networks of a few layers. */
class QuantizerPlacementTest {
    private static final Tensor IMAGES = Tensors.zeros(2, 4, 8, 8);
    private static final Tensor ROWS = Tensors.zeros(2, 4);

    /** A configuration whose parts not given are those of the default. */
    private static QuantSimConfig config(String ops, String opTypes, String supergroups, String output) {
        return QuantSimConfig.parse("""
                {"defaults": {"ops": {"is_output_quantized": "True"%s},
                              "params": {"is_quantized": "True", "is_symmetric": "True"}},
                 "params": {"bias": {"is_quantized": "False"}},
                 "op_type": {%s}, "supergroups": [%s],
                 "model_input": {"is_input_quantized": "True"}, "model_output": {%s}}
                """.formatted(ops, opTypes, supergroups, output), "test");
    }

    private static QuantSimConfig withDefaults(String defaults) {
        return QuantSimConfig.parse("""
                {"defaults": {"ops": {"is_output_quantized": "True"},
                              "params": {"is_quantized": "True", "is_symmetric": "True"}, %s},
                 "params": {"bias": {"is_quantized": "False"}}, "op_type": {}, "supergroups": [],
                 "model_input": {"is_input_quantized": "True"}, "model_output": {}}
                """.formatted(defaults), "test");
    }

    private static Placement place(Module network, QuantSimOptions options, Tensor... inputs) {
        try (var quiet = QuantLog.listen((level, area, message) -> { })) {
            return new QuantizationSimModel(ModelPreparer.prepareModel(network.eval(), inputs), List.of(inputs), options)
                    .placement();
        }
    }

    private static Placement place(Module network, QuantSimConfig config, Tensor... inputs) {
        return place(network, QuantSimOptions.defaults().config(config), inputs);
    }

    private static List<String> quantized(Placement placement) {
        return placement.slots().stream().filter(SlotPlan::quantized).map(plan -> plan.slot().toString()).toList();
    }

    private static SlotPlan plan(Placement placement, String slot) {
        return placement.slots().stream().filter(each -> each.slot().toString().equals(slot)).findFirst().orElseThrow();
    }

    private static final QuantSimConfig PLAIN = config("", "", "", "");

    @Test
    void defaultsParametersAndInputs() {
        Placement placement = place(new Sequential(new Linear(4, 4), new Sigmoid()), PLAIN, ROWS);
        assertThat(quantized(placement)).containsExactly("0.weight", "0.input[0]", "0.output[0]", "1.output[0]");
        assertThat(plan(placement, "0.weight").symmetric()).isTrue();
        assertThat(plan(placement, "0.output[0]").symmetric()).isFalse();
        assertThat(plan(placement, "0.bias").rule()).isEqualTo("params.bias.is_quantized is False");
        assertThat(plan(placement, "0.input[0]").rule()).isEqualTo("model_input.is_input_quantized");
    }

    @Test
    void explainsEverySlot() {
        Placement placement = place(new Sequential(new Linear(4, 4), new ReLU()), QuantSimConfig.builtIn("default"), ROWS);
        assertThat(placement.explain().lines()).containsExactly(
                "0.weight     int8 symmetric   defaults.params.is_quantized; symmetric: defaults.params.is_symmetric",
                "0.bias       none             params.bias.is_quantized is False",
                "0.input[0]   int8 asymmetric  model_input.is_input_quantized",
                "0.output[0]  none             supergroup [Gemm, Relu]",
                "1.input[0]   none             supergroup [Gemm, Relu]",
                "1.output[0]  int8 asymmetric  defaults.ops.is_output_quantized");
    }

    @Test
    void anOutputThatIsNotQuantizedTurnsOffItsUsersInputs() {
        QuantSimConfig config = config("", "\"Gemm\": {\"is_input_quantized\": \"True\"}, "
                + "\"Softmax\": {\"is_output_quantized\": \"False\"}", "", "");
        Placement placement = place(new Sequential(new Softmax(-1), new Sigmoid()), config, ROWS);
        assertThat(quantized(placement)).containsExactly("0.input[0]", "1.output[0]");
        // Gemm wants its input quantized, and Softmax its users' inputs not: they contradict each other.
        assertThatThrownBy(() -> place(new Sequential(new Softmax(-1), new Linear(4, 4)), config, ROWS))
                .isInstanceOf(StateException.class)
                .hasMessageContaining("rules of one section contradict each other")
                .hasMessageContaining("1.input[0]").hasMessageContaining("op_type.Gemm.is_input_quantized");
    }

    @Test
    void symmetryOfInputsAndOutputs() {
        Placement placement = place(new Sequential(new Sigmoid(), new Tanh()),
                config("", "\"Tanh\": {\"is_symmetric\": \"True\"}", "", ""), ROWS);
        assertThat(plan(placement, "0.output[0]").symmetric()).isTrue(); // it is Tanh's input
        assertThat(plan(placement, "1.output[0]").symmetric()).isTrue();
        assertThat(plan(placement, "0.input[0]").symmetric()).isFalse();
        assertThat(place(new Sigmoid2(), config(", \"is_symmetric\": \"True\"", "", "", ""), ROWS).slots())
                .allMatch(SlotPlan::symmetric);
    }

    static class Sigmoid2 extends Module {
        final Sigmoid sigmoid = add("sigmoid", new Sigmoid());

        @Override
        protected Tensor forward(Tensor x) {
            return sigmoid.call(x);
        }
    }

    static class Block extends Module {
        final Conv2d conv = add("conv", new Conv2d(4, 4, 1));
        final BatchNorm2d norm = add("norm", new BatchNorm2d(4));
        final ReLU relu = add("relu", new ReLU());
        final boolean twice;

        Block(boolean twice) {
            this.twice = twice;
        }

        @Override
        protected Tensor forward(Tensor x) {
            Tensor y = norm.call(conv.call(x));
            return twice ? relu.call(y).add(y) : relu.call(y);
        }
    }

    @Test
    void foldableBatchNormsArePassedOver() {
        QuantSimConfig config = config("", "", "{\"op_list\": [\"Conv\", \"Relu\"]}", "");
        Placement placement = place(new Block(false), config, IMAGES);
        assertThat(quantized(placement)).containsExactly("conv.weight", "conv.input[0]", "relu.output[0]");
        assertThat(plan(placement, "norm.weight").rule()).isEqualTo("can be folded into conv");
        assertThat(plan(placement, "norm.output[0]").quantized()).isFalse();
    }

    @Test
    void aTensorWithSeveralUsersEndsASupergroup() {
        QuantSimConfig config = config("", "", "{\"op_list\": [\"Conv\", \"Relu\"]}", "");
        Placement placement = place(new Block(true), config, IMAGES);
        assertThat(plan(placement, "norm.output[0]").quantized()).isTrue(); // as conv's would have been
        assertThat(plan(placement, "conv.output[0]").quantized()).isFalse();
        assertThat(plan(placement, "norm.output[0]").sharedWith()).isEqualTo(SlotId.output("relu", 0));
    }

    static class Functions extends Module {
        final Sigmoid sigmoid = add("sigmoid", new Sigmoid());
        final Linear linear = add("linear", new Linear(4, 4));
        final Linear reshaped = add("reshaped", new Linear(4, 4));
        final Linear first = add("first", new Linear(4, 4));

        @Override
        protected Tensor forward(Tensor x) {
            Tensor y = linear.call(sigmoid.call(x).add(x));
            return reshaped.call(y.view(y.size(0), 4)).sub(first.call(x.view(x.size(0), 4)));
        }
    }

    @Test
    void functionsOfAModelThatWasNotPrepared() {
        Placement placement = new QuantizationSimModel(new Functions(), ROWS,
                QuantSimOptions.defaults().config(PLAIN)).placement();
        assertThat(plan(placement, "linear.input[0]").rule())
                .isEqualTo("defaults.ops.is_output_quantized of the function add");
        assertThat(plan(placement, "reshaped.input[0]").quantized()).isFalse(); // seen through the view
        assertThat(plan(placement, "first.input[0]").rule()).isEqualTo("model_input.is_input_quantized");
    }

    @Test
    void theLongestSupergroupWins() {
        QuantSimConfig config = config("", "", "{\"op_list\": [\"Gemm\", \"Sigmoid\"]}, "
                + "{\"op_list\": [\"Gemm\", \"Sigmoid\", \"Tanh\"]}", "");
        Placement placement = place(new Sequential(new Linear(4, 4), new Sigmoid(), new Tanh()), config,
                ROWS);
        assertThat(quantized(placement)).containsExactly("0.weight", "0.input[0]", "2.output[0]");
        assertThat(plan(placement, "1.output[0]").rule()).isEqualTo("supergroup [Gemm, Sigmoid, Tanh]");
    }

    @Test
    void depthwiseConvolutionsAreNotJoined() {
        QuantSimConfig config = config("", "", "{\"op_list\": [\"Conv\", \"Relu\"]}", "");
        Placement placement = place(new Sequential(new Conv2d(4, 4, 3).groups(4), new ReLU()), config, IMAGES);
        assertThat(plan(placement, "0.output[0]").quantized()).isTrue();
        assertThat(plan(place(new Sequential(new Conv2d(4, 4, 3).groups(2), new ReLU()), config, IMAGES), "0.output[0]")
                .quantized()).isFalse();
    }

    @Test
    void perChannelByTypeAndByDefault() {
        QuantSimConfig byType = config("", "\"ConvTranspose\": {\"per_channel_quantization\": \"True\"}", "", "");
        Module network = new Sequential(new ConvTranspose2d(4, 6, 2), new Conv2d(6, 4, 1));
        QuantizationSimModel sim = new QuantizationSimModel(ModelPreparer.prepareModel(network, IMAGES), IMAGES,
                QuantSimOptions.defaults().config(byType));
        assertThat(sim.quantizers().get("0.param_quantizers.weight").shape().toArray()).containsExactly(1, 6, 1, 1);
        assertThat(sim.quantizers().get("1.param_quantizers.weight").shape().toArray()).containsExactly(1);
        Placement placement = place(network, withDefaults("\"per_channel_quantization\": \"True\""), IMAGES);
        assertThat(plan(placement, "1.weight").channelAxis()).isZero();
        assertThat(plan(placement, "0.weight").channelAxis()).isOne();
    }

    @Test
    void constraintsFixEndsOfRanges() {
        QuantSimConfig config = config("", "\"Sigmoid\": {\"encoding_constraints\": {\"min\": 0.0, \"max\": 1.0}}, "
                + "\"Gelu\": {\"encoding_constraints\": {\"max\": 2.0}}", "", "");
        Module network = new Sequential(new Sigmoid(), new GELU());
        QuantizationSimModel sim = new QuantizationSimModel(ModelPreparer.prepareModel(network, ROWS), ROWS,
                QuantSimOptions.defaults().config(config).scheme("min_max"));
        var both = (AffineQuantizer) sim.quantizers().get("0.output_quantizers.0");
        var one = (AffineQuantizer) sim.quantizers().get("1.output_quantizers.0");
        assertThat(both.isInitialized()).isTrue();
        assertThat(one.isInitialized()).isFalse();
        sim.computeEncodings(model -> model.call(Tensors.full(Shape.of(2, 4), -3, DType.FLOAT32)));
        assertThat(both.minimum().item()).isZero();
        assertThat(both.maximum().item()).isOne();
        assertThat(one.maximum().item()).isEqualTo(2);
        assertThat(one.parameters()).extracting(Parameter::requiresGrad).containsExactly(true, false);
    }

    @Test
    void modelOutputsEvenWhereTheirOperatorsAreNot() {
        String off = "\"Sigmoid\": {\"is_output_quantized\": \"False\"}";
        Module network = new Sequential(new Sigmoid(), new Sigmoid());
        assertThat(quantized(place(network, config("", off, "", ""), ROWS))).containsExactly("0.input[0]");
        assertThat(quantized(place(network, config("", off, "", "\"is_output_quantized\": \"True\""), ROWS)))
                .containsExactly("0.input[0]", "1.output[0]");
    }

    static class Scaled extends Module {
        final double factor;
        final boolean divide;

        Scaled(double factor, boolean divide) {
            this.factor = factor;
            this.divide = divide;
        }

        final Sigmoid sigmoid = add("sigmoid", new Sigmoid());

        @Override
        protected Tensor forward(Tensor x) {
            Tensor y = sigmoid.call(x);
            return divide ? y.div(factor) : y.mul(factor);
        }
    }

    @Test
    void scalingByAPositiveNumberIsNotQuantizedAgain() {
        assertThat(quantized(place(new Scaled(2, true), PLAIN, ROWS))).containsExactly("sigmoid.input[0]",
                "sigmoid.output[0]");
        assertThat(quantized(place(new Scaled(0.5, false), PLAIN, ROWS))).hasSize(2);
        assertThat(quantized(place(new Scaled(-2, false), PLAIN, ROWS))).containsExactly("sigmoid.input[0]",
                "sigmoid.output[0]", "module_mul.input[1]", "module_mul.output[0]");
    }

    static class Pair extends Module {
        @Override
        protected Tensor forward(Tensor a, Tensor b) {
            return a.add(1).matmul(b.sub(1));
        }
    }

    @Test
    void matrixProductsFollowTheHardware() {
        Tensor a = Tensors.zeros(3, 4);
        Tensor b = Tensors.zeros(4, 3);
        Placement early = place(new Pair(), QuantSimOptions.defaults().config("htp_v66").outputBitwidth(16), a, b);
        assertThat(plan(early, "module_sub.output[0]").symmetric()).isTrue();
        assertThat(plan(early, "module_sub.output[0]").bitwidth()).isEqualTo(8);
        assertThat(plan(early, "module_add.output[0]").bitwidth()).isEqualTo(16);
        Placement late = place(new Pair(), QuantSimOptions.defaults().config("htp_v73").outputBitwidth(16), a, b);
        assertThat(plan(late, "module_sub.output[0]").symmetric()).isTrue();
        assertThat(plan(late, "module_sub.output[0]").bitwidth()).isEqualTo(16);
        Placement narrow = place(new Pair(), QuantSimOptions.defaults().config("htp_v73"), a, b);
        assertThat(plan(narrow, "module_sub.output[0]").symmetric()).isFalse();
        Placement none = place(new Pair(), QuantSimOptions.defaults().outputBitwidth(16), a, b);
        assertThat(plan(none, "module_sub.output[0]").symmetric()).isFalse();
    }

    @Test
    void embeddingsAndNormalizationsFollowTheirOutput() {
        Module embedding = new Sequential(new Embedding(5, 4), new Linear(4, 4));
        Tensor rows = Tensors.of(new long[] {1, 2}, 2);
        QuantSimOptions wide = QuantSimOptions.defaults().outputBitwidth(16).paramBitwidth(4);
        assertThat(plan(place(embedding, wide.config("htp_v79"), rows), "0.weight").bitwidth()).isEqualTo(16);
        assertThat(plan(place(embedding, wide.config("htp_v69"), rows), "0.weight").bitwidth()).isEqualTo(4);
        Module norm = new Sequential(new Conv2d(4, 4, 1), new GroupNorm(2, 4));
        assertThat(plan(place(norm, wide.config("htp_v81"), IMAGES), "1.weight").format())
                .isEqualTo("int16 asymmetric");
        Module layerNorm = new Sequential(new Linear(4, 4), new LayerNorm(4));
        assertThat(plan(place(layerNorm, QuantSimOptions.defaults(), ROWS), "1.weight").symmetric()).isFalse();
        assertThat(plan(place(layerNorm, QuantSimOptions.defaults().paramBitwidth(16), ROWS), "1.weight").symmetric())
                .isTrue();
    }

    @Test
    void interpolationsShareTheirOutputsEncodingOnTargets() {
        Module network = new Sequential(new Conv2d(4, 4, 1), Upsample.by(2));
        Placement target = place(network, QuantSimOptions.defaults().config("htp_v73"), IMAGES);
        assertThat(plan(target, "0.output[0]").sharedWith()).isEqualTo(SlotId.output("1", 0));
        assertThat(plan(place(network, QuantSimOptions.defaults(), IMAGES), "0.output[0]").sharedWith()).isNull();
    }

    static class Twice extends Module {
        final Linear linear = add("linear", new Linear(4, 4));
        final Sigmoid sigmoid = add("sigmoid", new Sigmoid());

        @Override
        protected Tensor forward(Tensor x) {
            return sigmoid.call(linear.call(sigmoid.call(linear.call(x))));
        }
    }

    @Test
    void layersThatRunSeveralTimesOnDifferentData() {
        try (var quiet = QuantLog.listen((level, area, message) -> { })) {
            Placement placement = new QuantizationSimModel(new Twice(), ROWS, QuantSimOptions.defaults()).placement();
            assertThat(plan(placement, "sigmoid.output[0]").quantized()).isFalse();
            assertThat(plan(placement, "linear.output[0]").quantized()).isTrue(); // it has parameters
            assertThat(placement.warnings()).singleElement().asString().startsWith("sigmoid: runs 2 times");
        }
    }

    @Test
    void kernelsThatTheTargetLacks() {
        String kernels = "\"supported_kernels\": [{\"activation\": {\"bitwidth\": 16, \"dtype\": \"int\"}, "
                + "\"param\": {\"bitwidth\": 8, \"dtype\": \"int\"}}]";
        Module network = new Sequential(new Linear(4, 4), new Sigmoid());
        Placement warned = place(network, withDefaults(kernels), ROWS);
        assertThat(warned.warnings()).containsExactly(
                "0: the target has no kernel for activation int8, param int8; it has [activation int16, param int8]",
                "1: the target has no kernel for activation int8; it has [activation int16, param int8]");
        Placement enforced = place(network, QuantSimOptions.defaults().config(withDefaults(kernels))
                .enforceKernels(true), ROWS);
        assertThat(enforced.warnings()).isEmpty();
        assertThat(plan(enforced, "0.output[0]").bitwidth()).isEqualTo(16);
        assertThatThrownBy(() -> place(network, QuantSimOptions.defaults().config(withDefaults(kernels))
                .paramBitwidth(16).enforceKernels(true), ROWS)).isInstanceOf(StateException.class)
                .hasMessageContaining("must not lower the precision");
    }

    @Test
    void strictSymmetryIsRefused() {
        assertThatThrownBy(() -> place(new Sequential(new Linear(4, 4)), withDefaults("\"strict_symmetric\": \"True\""),
                ROWS)).isInstanceOf(StateException.class)
                .hasMessageContaining("defaults.strict_symmetric is not supported").hasMessageContaining("0.weight");
    }

    /** The built-in configurations place quantizers as AIMET's files do. */
    @TestFactory
    Stream<DynamicTest> builtInAsAimetsFiles() {
        Path folder = GoldenModels.folder("configs");
        List<DynamicTest> tests = new ArrayList<>();
        Map<String, String> files = Map.of("default", "default_config", "default_per_channel",
                "default_config_per_channel");
        for (String alias : QuantSimConfig.ALIASES) {
            Path file = folder.resolve(files.getOrDefault(alias, alias.replace("htp_", "htp_quantsim_config_"))
                    + ".json");
            if (Files.exists(file)) {
                GoldenModels.all().forEach(model -> tests.add(dynamicTest(alias + " " + model.name(), () -> {
                    List<SlotPlan> own = place(model.network(), QuantSimConfig.builtIn(alias), model.input(0)).slots();
                    List<SlotPlan> aimets = place(model.network(), QuantSimConfig.read(file), model.input(0)).slots();
                    assertThat(own).isEqualTo(aimets);
                })));
            }
        }
        System.out.println("built-in configurations: " + tests.size() + " cases");
        return tests.stream();
    }
}
