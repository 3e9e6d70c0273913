package org.bitgrid.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.bitgrid.nn.F;
import org.bitgrid.nn.Module;
import org.bitgrid.nn.graph.GraphModule;
import org.bitgrid.nn.graph.Keywords;
import org.bitgrid.nn.graph.Node;
import org.bitgrid.quant.QuantLog;
import org.bitgrid.quant.functional.AdaptiveAvgPool2d;
import org.bitgrid.quant.functional.Add;
import org.bitgrid.quant.functional.Concat;
import org.bitgrid.quant.functional.Interpolate;
import org.bitgrid.quant.functional.MaxPool2d;
import org.bitgrid.quant.functional.Mean;
import org.bitgrid.quant.functional.Pad;
import org.bitgrid.quant.prepare.ModelPreparer;
import org.bitgrid.quant.prepare.PrepareOptions;
import org.bitgrid.quant.sim.QuantSimOptions;
import org.bitgrid.quant.sim.QuantizationSimModel;
import org.bitgrid.tensor.Rng;
import org.bitgrid.tensor.ShapeException;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.Tensors;
import org.bitgrid.tensor.op.Interpolate.Mode;
import org.bitgrid.tensor.op.Where;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Every function that the preparer replaces: same bits afterwards, no function left, the module's name and call. */
class FunctionalModulesTest {
    /** A function of images (N, 4, 6, 6), the module that takes its place, and how it is called. */
    private record Sample(String module, String call, UnaryOperator<Tensor> function) {
    }

    private static final Tensor OTHER = Tensors.randn(new Rng(8), 4, 6, 6);

    private static final Tensor MEAN = Tensors.zeros(4);
    private static final Tensor VARIANCE = Tensors.ones(4);
    private static final Tensor WEIGHT = Tensors.ones(5, 6);

    private static final List<Sample> SAMPLES = List.of(
            new Sample("ReLU()", "module_relu(x)", F::relu),
            new Sample("ReLU6()", "module_relu6(x)", F::relu6),
            new Sample("Sigmoid()", "module_sigmoid(x)", F::sigmoid),
            new Sample("Tanh()", "module_tanh(x)", F::tanh),
            new Sample("GELU(approximate='none')", "module_gelu(x)", F::gelu),
            new Sample("GELU(approximate='tanh')", "module_gelu(x)", x -> F.gelu(x, "tanh")),
            new Sample("Softmax(dim=-1)", "module_softmax(x)", x -> F.softmax(x, -1)),
            new Sample("SELU()", "module_selu(x)", F::selu),
            new Sample("Softsign()", "module_softsign(x)", F::softsign),
            new Sample("Tanhshrink()", "module_tanhshrink(x)", F::tanhshrink),
            new Sample("Hardsigmoid()", "module_hardsigmoid(x)", F::hardsigmoid),
            new Sample("Hardswish()", "module_hardswish(x)", F::hardswish),
            new Sample("Mish()", "module_mish(x)", F::mish),
            new Sample("LogSigmoid()", "module_log_sigmoid(x)", F::logSigmoid),
            new Sample("LeakyReLU(negative_slope=0.2)", "module_leaky_relu(x)", x -> F.leakyRelu(x, 0.2)),
            new Sample("ELU(alpha=1.5)", "module_elu(x)", x -> F.elu(x, 1.5)),
            new Sample("CELU(alpha=1.5)", "module_celu(x)", x -> F.celu(x, 1.5)),
            new Sample("Hardtanh(min_val=-2.0, max_val=1.0)", "module_hardtanh(x)", x -> F.hardtanh(x, -2, 1)),
            new Sample("Softplus(beta=2.0, threshold=20.0)", "module_softplus(x)", x -> F.softplus(x, 2, 20)),
            new Sample("Threshold(threshold=0.5, value=1.0)", "module_threshold(x)", x -> F.threshold(x, 0.5, 1)),
            new Sample("Hardshrink(0.25)", "module_hardshrink(x)", x -> F.hardshrink(x, 0.25)),
            new Sample("Softshrink(0.25)", "module_softshrink(x)", x -> F.softshrink(x, 0.25)),
            new Sample("GLU(dim=1)", "module_glu(x)", x -> F.glu(x, 1)),
            new Sample("LogSoftmax(dim=1)", "module_log_softmax(x)", x -> F.logSoftmax(x, 1)),
            new Sample("Add()", "module_add(x, 0.5)", x -> x.add(0.5)),
            new Sample("Add()", "module_add(x, 2)", x -> x.add(2L)),
            new Sample("Add()", "module_add(x, _tensor_constant0)", x -> x.add(OTHER)),
            new Sample("Subtract()", "module_sub(x, x)", x -> x.sub(x)),
            new Sample("Multiply()", "module_mul(x, 3.0)", x -> x.mul(3.0)),
            new Sample("Divide()", "module_truediv(x, 3.0)", x -> x.div(3.0)),
            new Sample("Pow()", "module_pow_1(x, 2.0)", x -> x.pow(2.0)),
            new Sample("MatMul()", "module_matmul(x, _tensor_constant0)", x -> x.matmul(OTHER)),
            new Sample("Exponential()", "module_exp(x)", Tensor::exp),
            new Sample("Square()", "module_square(x)", Tensor::square),
            new Sample("Concat()", "module_cat(x, x)", x -> F.cat(List.of(x, x), 1)),
            new Sample("Mean()", "module_mean(x, (2, 3))", x -> x.mean(List.of(2, 3), false)),
            new Sample("Mean()", "module_mean(x, 1, keepdim = True)", x -> x.mean(List.of(1), true)),
            new Sample("Sum()", "module_sum_1(x)", x -> x.sum()),
            new Sample("Sum()", "module_sum_1(x, -1)", x -> x.sum(-1)),
            new Sample("CumSum()", "module_cumsum(x, dim = 1)", x -> x.cumsum(1)),
            new Sample("Norm()", "module_norm(x, p = 2.0, dim = (1), keepdim = False)".replace("(1)", "(1,)"),
                    x -> x.norm(2.0, List.of(1), false)),
            new Sample("Pad()", "module_pad(x, (1, 2), mode = 'constant', value = 0.5)", x -> x.pad(0.5, 1, 2)),
            new Sample("Interpolate()", "module_interpolate(x, size = (9, 9), mode = 'nearest')",
                    x -> F.interpolate(x, 9, 9, Mode.NEAREST, false)),
            new Sample("MaxPool2d()", "module_max_pool2d(x, (2, 2), stride = (2, 2), padding = (0, 0), dilation = "
                    + "(1, 1), ceil_mode = False, return_indices = False)", x -> F.maxPool2d(x, 2)),
            new Sample("AvgPool2d()", "module_avg_pool2d(x, (3, 3), stride = (1, 1), padding = (1, 1), ceil_mode = "
                    + "False, count_include_pad = True)", x -> F.avgPool2d(x, 3, 1, 1)),
            new Sample("AdaptiveAvgPool2d()", "module_adaptive_avg_pool2d(x, (2, 3))",
                    x -> F.adaptiveAvgPool2d(x, 2, 3)),
            new Sample("GroupNorm()", "module_group_norm(x, 2, weight = None, bias = None, eps = 1e-05)",
                    x -> F.groupNorm(x, 2, null, null, 1e-5)),
            new Sample("BatchNorm()", "module_batch_norm(x, _tensor_constant0, _tensor_constant1, weight = None, bias "
                    + "= None, training = False, momentum = 0.0, eps = 1e-05)", x -> F.batchNorm(x,
                    MEAN, VARIANCE, null, null, 1e-5)),
            new Sample("Where()", "module_where(module_gt, x, module_mul)",
                    x -> Where.apply(x.gt(0.0), x, x.mul(2.0))),
            new Sample("MaskedFill()", "module_masked_fill(x, module_gt, 3.0)", x -> x.maskedFill(x.gt(0.0), 3.0)),
            new Sample("Bmm()", "module_bmm(view, view_1)", x -> x.view(-1, 6, 6).bmm(x.view(-1, 6, 6))),
            new Sample("Baddbmm()", "module_baddbmm(view, view_1, view_2, beta = 0.5, alpha = 2.0)",
                    x -> x.view(-1, 6, 6).baddbmm(x.view(-1, 6, 6), x.view(-1, 6, 6), 0.5, 2.0)),
            new Sample("FloorDivide()", "module_floordiv(x, 2)", x -> x.floorDivide(2L)),
            new Sample("Remainder()", "module_remainder(x, 0.5)", x -> x.remainder(0.5)),
            new Sample("Sin()", "module_sin(x)", Tensor::sin),
            new Sample("Maximum()", "module_maximum(x, _tensor_constant0)", x -> x.maximum(OTHER)),
            new Sample("Abs()", "module_abs_1(x)", Tensor::abs),
            new Sample("AMax()", "module_amax(x, 2)", x -> x.amax(List.of(2), false)),
            new Sample("DynamicLinear()", "module_linear(x, _tensor_constant0)",
                    x -> F.linear(x, WEIGHT, null)));

    /** A network of one function. */
    private static final class Function extends Module {
        private final UnaryOperator<Tensor> function;

        Function(UnaryOperator<Tensor> function) {
            this.function = function;
        }

        @Override
        protected Tensor forward(Tensor x) {
            return function.apply(x);
        }
    }

    @TestFactory
    Stream<DynamicTest> sameBitsAsTheFunction() {
        return SAMPLES.stream().map(sample -> dynamicTest(sample.call(), () -> {
            Module network = new Function(sample.function());
            GraphModule prepared;
            try (var quiet = QuantLog.listen((level, area, message) -> { })) {
                prepared = ModelPreparer.prepareModel(network, PrepareOptions.defaults().everyFunction(true),
                        Tensors.randn(new Rng(1), 2, 4, 6, 6));
            }
            assertThat(prepared.code()).contains("self." + sample.call());
            String path = sample.call().substring(0, sample.call().indexOf('('));
            assertThat(prepared.get(path).toString()).isEqualTo(sample.module());
            assertThat(prepared.graph().nodesOf(Node.CallOp.class)).extracting(Node.CallOp::functionName)
                    .allMatch("view"::equals);
            for (int batch : new int[] {1, 3}) {
                Tensor x = Tensors.randn(new Rng(2), batch, 4, 6, 6);
                assertThat(prepared.call(x).toDoubleArray()).isEqualTo(network.call(x).toDoubleArray());
                assertThat(prepared.call(x).shape()).isEqualTo(network.call(x).shape());
            }
        }));
    }

    @Test
    void computesSiluInTwoParts() {
        Module network = new Function(F::silu);
        GraphModule prepared;
        try (var quiet = QuantLog.listen((level, area, message) -> { })) {
            prepared = ModelPreparer.prepareModel(network, Tensors.randn(new Rng(1), 2, 4));
        }
        assertThat(prepared.toString()).startsWith("""
                GraphModule(
                  (module_silu): CustomSiLU(
                    (sigmoid): Sigmoid()
                    (mul): Multiply()
                  )
                )
                """);
        Tensor x = Tensors.randn(new Rng(2), 5, 4);
        assertThat(prepared.call(x).sub(network.call(x)).abs().max().item()).isLessThan(1e-6);
        var sim = new QuantizationSimModel(prepared, x, QuantSimOptions.defaults());
        sim.computeEncodings(model -> model.call(x));
        assertThat(sim.quantizers().keySet()).containsExactly("module_silu.sigmoid.input_quantizers.0",
                "module_silu.sigmoid.output_quantizers.0", "module_silu.mul.input_quantizers.0",
                "module_silu.mul.output_quantizers.0");
        assertThat(sim.model().call(x).sub(network.call(x)).abs().max().item()).isLessThan(0.03);
    }

    private static Tensor call(Module module, Object... arguments) {
        return module.callWith(List.of(arguments))[0];
    }

    @Test
    void takesKeywordsAsPythonDoes() {
        Tensor x = Tensors.randn(new Rng(2), 1, 4, 6, 6);
        assertThat(call(new MaxPool2d(), x, new Keywords(Map.of("kernel_size", 2L))).toFloatArray())
                .isEqualTo(F.maxPool2d(x, 2).toFloatArray());
        assertThat(call(new Interpolate(), x, new Keywords(Map.of("scale_factor", 2.0))).toFloatArray())
                .isEqualTo(F.interpolate(x, 12, 12, Mode.NEAREST, false).toFloatArray());
        assertThat(call(new Pad(), x, List.of(1L, 1L), new Keywords(Map.of("mode", "reflect"))).shape().dim(3))
                .isEqualTo(8);
        assertThat(call(new Mean(), x, new Keywords(Map.of("dim", 1L, "keepdim", true))).shape().toArray())
                .containsExactly(1, 1, 6, 6);
        assertThat(new Concat(-1).call(x, x).shape().dim(3)).isEqualTo(12);
    }

    @Test
    void namesWrongArguments() {
        Tensor x = Tensors.randn(new Rng(2), 1, 4, 6, 6);
        assertThatThrownBy(() -> call(new Add(), x)).isInstanceOf(ShapeException.class)
                .hasMessage("Add: argument other must be a tensor or a number; got nothing");
        assertThatThrownBy(() -> call(new Add(), 1L, 2L)).isInstanceOf(ShapeException.class)
                .hasMessage("Add: argument input must be a tensor, as not both operands may be numbers; got 1");
        assertThatThrownBy(() -> call(new Mean(), x, "all")).isInstanceOf(ShapeException.class)
                .hasMessage("Mean: argument dim must be integers; got all");
        assertThatThrownBy(() -> call(new Mean(), x, 1L, 1L)).isInstanceOf(ShapeException.class)
                .hasMessage("Mean: argument keepdim must be a boolean; got 1");
        assertThatThrownBy(() -> call(new AdaptiveAvgPool2d(), x)).isInstanceOf(ShapeException.class)
                .hasMessageStartingWith("AdaptiveAvgPool2d: argument output_size must be one size or two");
        assertThatThrownBy(() -> call(new Concat(), x, 1.0)).isInstanceOf(ShapeException.class)
                .hasMessage("Concat: argument tensors[1] must be a tensor; got 1.0");
        assertThatThrownBy(() -> call(new MaxPool2d(), x)).isInstanceOf(ShapeException.class)
                .hasMessage("MaxPool2d: argument kernel_size must be one size or two; got nothing");
    }
}
