package org.bitgrid.quant.layers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.bitgrid.nn.BatchNorm2d;
import org.bitgrid.nn.Conv2d;
import org.bitgrid.nn.Dropout;
import org.bitgrid.nn.Linear;
import org.bitgrid.nn.Module;
import org.bitgrid.quant.quantizer.QuantizeDequantize;
import org.bitgrid.quant.quantizer.Quantizer;
import org.bitgrid.tensor.Dispatch;
import org.bitgrid.tensor.Rng;
import org.bitgrid.tensor.Shape;
import org.bitgrid.tensor.StateException;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.TensorScope;
import org.bitgrid.tensor.Tensors;
import org.bitgrid.tensor.op.FakeQuantize;
import org.junit.jupiter.api.Test;

/** One layer with quantizers. */
class QuantizedModuleTest {
    private static final Tensor X = Tensors.randn(new Rng(1), 5, 4);

    private final Linear linear = new Linear(4, 3);
    private final QuantizedModule quantized = new QuantizedModule(linear, LayerSlots.unary("Gemm"), 1);

    private static Quantizer ranged(int bits, boolean symmetric, double min, double max) {
        QuantizeDequantize quantizer = new QuantizeDequantize(Shape.of(1), bits, symmetric);
        quantizer.setRange(min, max);
        return quantizer;
    }

    @Test
    void withoutQuantizersItIsTheLayer() {
        assertThat(quantized.call(X).toFloatArray()).isEqualTo(linear.call(X).toFloatArray());
    }

    @Test
    void computesWithQuantizedInputsParametersAndOutputs() {
        Quantizer in = ranged(8, false, -2, 2);
        Quantizer weight = ranged(4, true, -0.5, 0.5);
        Quantizer out = ranged(8, false, -1, 1);
        quantized.setInputQuantizer(0, in);
        quantized.setParamQuantizer("weight", weight);
        quantized.setOutputQuantizer(0, out);
        Tensor w = weight.call(linear.weight().held());
        Tensor expected = out.call(in.call(X).matmul(w.transpose(0, 1)).add(linear.bias().held()));
        assertThat(quantized.call(X).sub(expected).abs().max().item()).isLessThan(1e-6);
        assertThat(linear.weight().tensor()).isSameAs(linear.weight().held());
    }

    @Test
    void sharesParametersUnderTheirNames() {
        quantized.setParamQuantizer("weight", ranged(4, true, -1, 1));
        assertThat(quantized.stateDict().keySet()).contains("weight", "bias", "param_quantizers.weight.min",
                "param_quantizers.weight.max").allMatch(name -> !name.contains("layer"));
        assertThat(quantized.ownParameters().get("weight")).isSameAs(linear.weight());
    }

    @Test
    void sharesBuffersAndFollowsTheMode() {
        BatchNorm2d norm = new BatchNorm2d(2);
        QuantizedModule module = new QuantizedModule(norm, LayerSlots.unary(), 1);
        module.train();
        module.call(Tensors.randn(new Rng(2), 3, 2, 4, 4).add(5));
        assertThat(module.stateDict().get("running_mean").mean().item()).isBetween(0.4, 0.6);
        module.eval();
        float[] before = norm.runningMean().tensor().toFloatArray();
        module.call(Tensors.randn(new Rng(3), 3, 2, 4, 4));
        assertThat(norm.runningMean().tensor().toFloatArray()).isEqualTo(before);

        QuantizedModule dropout = new QuantizedModule(new Dropout(0.5), LayerSlots.unary("Dropout"), 1);
        assertThat(dropout.eval().call(X).toFloatArray()).isEqualTo(X.toFloatArray());
        assertThat(dropout.train().call(X).toFloatArray()).isNotEqualTo(X.toFloatArray());
    }

    @Test
    void findsRangesOfWeightsWithoutCalibration() {
        Quantizer weight = new QuantizeDequantize(Shape.of(3, 1), 8, true);
        quantized.setParamQuantizer("weight", weight);
        quantized.call(X);
        assertThat(weight.isInitialized()).isTrue();
    }

    @Test
    void anInputOrOutputMustBeCalibratedFirst() {
        quantized.setOutputQuantizer(0, new QuantizeDequantize(Shape.of(1), 8, false));
        assertThatThrownBy(() -> quantized.call(X)).isInstanceOf(StateException.class)
                .hasMessageContaining("quantization parameters are not initialized");
    }

    /** Runs of quantizing operators on this thread. */
    private static int countQuantizations(Runnable body) {
        List<String> seen = new ArrayList<>();
        try (Dispatch.Scope scope = Dispatch.intercept((op, inputs, chain) -> {
            if (op instanceof FakeQuantize) {
                seen.add(op.name());
            }
            return chain.proceed(op, inputs);
        })) {
            body.run();
        }
        return seen.size();
    }

    @Test
    void quantizesAWeightOnceForEachOfItsStates() {
        quantized.setParamQuantizer("weight", ranged(4, true, -0.5, 0.5));
        try (Dispatch.Scope grad = Dispatch.gradEnabled(false)) {
            Tensor first = quantized.quantizedParameter("weight");
            assertThat(quantized.quantizedParameter("weight")).isSameAs(first);
            assertThat(countQuantizations(() -> quantized.call(X))).isZero();
            linear.weight().held().mulInPlace(0.5);
            Tensor second = quantized.quantizedParameter("weight");
            assertThat(second).isNotSameAs(first);
            ((QuantizeDequantize) quantized.paramQuantizer("weight")).setRange(-1, 1);
            assertThat(quantized.quantizedParameter("weight")).isNotSameAs(second);
            linear.weight().set(Tensors.ones(3, 4));
            assertThat(quantized.quantizedParameter("weight").toFloatArray()).containsOnly(
                    quantized.paramQuantizer("weight").call(Tensors.ones(1)).toFloatArray()[0]);
        }
    }

    @Test
    void quantizesOnceEachWhileItLearns() {
        quantized.setParamQuantizer("weight", ranged(4, true, -0.5, 0.5));
        quantized.setOutputQuantizer(0, ranged(8, false, -1, 1));
        assertThat(countQuantizations(() -> quantized.call(X))).isEqualTo(2);
    }

    @Test
    void aCachedWeightOutlivesTheScopeItWasMadeIn() {
        quantized.setParamQuantizer("weight", ranged(4, true, -0.5, 0.5));
        try (Dispatch.Scope grad = Dispatch.gradEnabled(false)) {
            float[] first;
            try (TensorScope scope = TensorScope.open()) {
                first = quantized.call(X).toFloatArray();
            }
            try (TensorScope scope = TensorScope.open()) {
                Tensors.zeros(3, 4).add(7); // would take the array if it had been given back
                assertThat(quantized.call(X).toFloatArray()).isEqualTo(first);
            }
        }
    }

    @Test
    void gradientsPassStraightThroughInsideTheRange() {
        linear.weight().set(Tensors.of(new float[] {0.1f, 0.2f, -0.3f, 5f, 0, 0, 0, 0, 0, 0, 0, 0}, 3, 4));
        quantized.setParamQuantizer("weight", ranged(4, true, -0.5, 0.5));
        quantized.paramQuantizer("weight").requiresGrad(false);
        quantized.call(X).sum().backward();
        float[] gradient = linear.weight().grad().toFloatArray();
        float[] columns = X.sum(0).toFloatArray();
        assertThat(gradient[0]).isCloseTo(columns[0], org.assertj.core.data.Offset.offset(1e-5f));
        assertThat(gradient[3]).isZero(); // beyond the range
    }

    @Test
    void manyThreadsSeeTheSame() throws InterruptedException, ExecutionException {
        Conv2d conv = new Conv2d(3, 8, 3);
        QuantizedModule module = new QuantizedModule(conv, LayerSlots.unary("Conv"), 1);
        module.setParamQuantizer("weight", new QuantizeDequantize(Shape.of(8, 1, 1, 1), 4, true));
        module.setInputQuantizer(0, ranged(8, false, -3, 3));
        module.eval();
        Tensor x = Tensors.randn(new Rng(4), 2, 3, 8, 8);
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            List<Future<float[]>> results = new ArrayList<>();
            for (int i = 0; i < 64; i++) {
                boolean plain = i % 4 == 3; // some run the bare layer, which must not see quantized weights
                results.add(threads.submit(() -> {
                    try (Dispatch.Scope grad = Dispatch.gradEnabled(false); TensorScope scope = TensorScope.open()) {
                        return (plain ? conv.call(x) : module.call(x)).toFloatArray();
                    }
                }));
            }
            float[] quantizedOutput;
            float[] plainOutput;
            try (Dispatch.Scope grad = Dispatch.gradEnabled(false)) {
                quantizedOutput = module.call(x).toFloatArray();
                plainOutput = conv.call(x).toFloatArray();
            }
            assertThat(quantizedOutput).isNotEqualTo(plainOutput);
            for (int i = 0; i < results.size(); i++) {
                assertThat(results.get(i).get()).isEqualTo(i % 4 == 3 ? plainOutput : quantizedOutput);
            }
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void copiesAreIndependent() {
        quantized.setParamQuantizer("weight", ranged(4, true, -0.5, 0.5));
        QuantizedModule copy = (QuantizedModule) quantized.copy();
        linear.weight().set(Tensors.zeros(3, 4));
        ((QuantizeDequantize) quantized.paramQuantizer("weight")).setRange(-9, 9);
        assertThat(copy.ownParameters().get("weight").held().abs().sum().item()).isGreaterThan(0);
        assertThat(copy.layer().ownParameters().get("weight")).isSameAs(copy.ownParameters().get("weight"));
        assertThat(((QuantizeDequantize) copy.paramQuantizer("weight")).maximum().item()).isEqualTo(0.5);
    }

    @Test
    void printsAsAimetDoes() {
        quantized.setParamQuantizer("weight", ranged(4, true, -0.5, 0.5));
        assertThat(quantized).hasToString("""
                QuantizedLinear(
                  in_features=4, out_features=3, bias=True
                  (param_quantizers): ModuleDict(
                    (weight): QuantizeDequantize(shape=[1], bitwidth=4, symmetric=True)
                    (bias): None
                  )
                  (input_quantizers): ModuleList(
                    (0): None
                  )
                  (output_quantizers): ModuleList(
                    (0): None
                  )
                )""");
    }

    @Test
    void slotsThatAreNotThere() {
        assertThatThrownBy(() -> quantized.setInputQuantizer(1, null)).isInstanceOf(StateException.class)
                .hasMessage("QuantizedLinear: has no input 1 to quantize; it has 1 inputs");
        assertThatThrownBy(() -> quantized.setOutputQuantizer(-1, null)).hasMessageContaining("has no output -1");
        assertThatThrownBy(() -> quantized.setParamQuantizer("wieght", null))
                .hasMessage("QuantizedLinear: has no parameter \"wieght\" to quantize; it has [weight, bias]");
    }

    @Test
    void substitutesOfAnOuterCallStayInForce() {
        Module inner = new Linear(4, 4).bias(false);
        Tensor doubled = inner.ownParameters().get("weight").held().mul(2);
        float[] expected = X.matmul(doubled.transpose(0, 1)).toFloatArray();
        var outer = org.bitgrid.nn.Parameter.substitute(Map.of(inner.ownParameters().get("weight"), doubled));
        try (outer; var more = org.bitgrid.nn.Parameter.substitute(Map.of())) {
            assertThat(inner.call(X).sub(Tensors.of(expected, 5, 4)).abs().max().item()).isLessThan(1e-6);
        }
    }
}
