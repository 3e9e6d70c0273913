package org.bitgrid.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.util.List;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.Stream;
import org.bitgrid.nn.graph.Tracer;
import org.bitgrid.tensor.Rng;
import org.bitgrid.tensor.ShapeException;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.Tensors;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Layers of activations: PyTorch's text, and values by their definitions in double precision. */
class ActivationLayersTest {
    private record Sample(String text, Module layer, DoubleUnaryOperator definition) {
    }

    private static double sigmoid(double x) {
        return 1 / (1 + Math.exp(-x));
    }

    private static final List<Sample> SAMPLES = List.of(
            new Sample("SELU()", new SELU(), x -> 1.0507009873554805
                    * (x > 0 ? x : 1.6732632423543772 * Math.expm1(x))),
            new Sample("SiLU()", new SiLU(), x -> x * sigmoid(x)),
            new Sample("Mish()", new Mish(), x -> x * Math.tanh(Math.log1p(Math.exp(x)))),
            new Sample("Hardswish()", new Hardswish(), x -> x * Math.min(Math.max(x + 3, 0), 6) / 6),
            new Sample("Hardsigmoid()", new Hardsigmoid(), x -> Math.min(Math.max(x + 3, 0), 6) / 6),
            new Sample("LogSigmoid()", new LogSigmoid(), x -> Math.log(sigmoid(x))),
            new Sample("Softsign()", new Softsign(), x -> x / (1 + Math.abs(x))),
            new Sample("Tanhshrink()", new Tanhshrink(), x -> x - Math.tanh(x)),
            new Sample("LeakyReLU(negative_slope=0.01)", new LeakyReLU(), x -> x > 0 ? x : 0.01 * x),
            new Sample("LeakyReLU(negative_slope=0.2)", new LeakyReLU(0.2), x -> x > 0 ? x : 0.2 * x),
            new Sample("ELU(alpha=1.0)", new ELU(), x -> x > 0 ? x : Math.expm1(x)),
            new Sample("CELU(alpha=2.0)", new CELU(2), x -> x > 0 ? x : 2 * Math.expm1(x / 2)),
            new Sample("Hardtanh(min_val=-1.0, max_val=1.0)", new Hardtanh(), x -> Math.min(Math.max(x, -1), 1)),
            new Sample("Softplus(beta=1.0, threshold=20.0)", new Softplus(), x -> Math.log1p(Math.exp(x))),
            new Sample("Threshold(threshold=0.5, value=-2.0)", new Threshold(0.5, -2), x -> x > 0.5 ? x : -2),
            new Sample("Hardshrink(0.5)", new Hardshrink(), x -> Math.abs(x) > 0.5 ? x : 0),
            new Sample("Softshrink(0.5)", new Softshrink(), x -> Math.signum(x) * Math.max(Math.abs(x) - 0.5, 0)),
            new Sample("PReLU(num_parameters=1)", new PReLU(), x -> x > 0 ? x : 0.25 * x),
            new Sample("PReLU(num_parameters=4)", new PReLU(4), x -> x > 0 ? x : 0.25 * x),
            new Sample("RReLU(lower=0.125, upper=0.3333333333333333)", new RReLU().eval(),
                    x -> x > 0 ? x : x * (0.125 + 1.0 / 3) / 2));

    @TestFactory
    Stream<DynamicTest> textAndValues() {
        return SAMPLES.stream().map(sample -> dynamicTest(sample.text(), () -> {
            assertThat(sample.layer().toString()).isEqualTo(sample.text());
            Tensor x = Tensors.randn(new Rng(3), 5, 4, 3).mul(2.0);
            double[] values = x.toDoubleArray();
            double[] actual = sample.layer().call(x).toDoubleArray();
            for (int i = 0; i < values.length; i++) {
                // A few roundings each: at most 8 half units in the last place of numbers below 8.
                assertThat(actual[i]).isCloseTo(sample.definition().applyAsDouble(values[i]), within(4e-6));
            }
            assertThat(new Tracer().trace(new Sequential(sample.layer()), x).code()).contains("(x)");
        }));
    }

    @Test
    void halvesAndCompetes() {
        Tensor x = Tensors.randn(new Rng(3), 2, 6);
        assertThat(new GLU(1).toString()).isEqualTo("GLU(dim=1)");
        assertThat(new GLU().call(x).sub(x.narrow(1, 0, 3).mul(x.narrow(1, 3, 3).sigmoid())).abs().max().item())
                .isLessThan(1e-6);
        assertThat(new Softmin(1).toString()).isEqualTo("Softmin(dim=1)");
        assertThat(new Softmin(1).call(x).toFloatArray()).isEqualTo(F.softmax(x.neg(), 1).toFloatArray());
        assertThatThrownBy(() -> new PReLU(0)).isInstanceOf(ShapeException.class)
                .hasMessageContaining("number of slopes must be at least 1; got 0");
    }

    @Test
    void drawsSlopesInTraining() {
        Tensor x = Tensors.ones(1000).neg();
        RReLU layer = new RReLU(0.25, 0.5);
        Tensor y = layer.call(x).neg();
        assertThat(y.min().item()).isBetween(0.25, 0.27);
        assertThat(y.max().item()).isBetween(0.48, 0.5);
        assertThat(y.mean().item()).isCloseTo(0.375, within(0.01));
    }
}
