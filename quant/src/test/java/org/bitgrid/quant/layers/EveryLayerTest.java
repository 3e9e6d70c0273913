package org.bitgrid.quant.layers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.bitgrid.nn.*;
import org.bitgrid.nn.Module;
import org.bitgrid.quant.functional.*;
import org.bitgrid.quant.functional.GroupNorm;
import org.bitgrid.quant.functional.MaxPool2d;
import org.bitgrid.quant.quantizer.CalibrationMode;
import org.bitgrid.quant.quantizer.CalibrationScope;
import org.bitgrid.quant.quantizer.QuantizeDequantize;
import org.bitgrid.quant.quantizer.Quantizer;
import org.bitgrid.tensor.Rng;
import org.bitgrid.tensor.Shape;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.Tensors;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Layers of all kinds with 16-bit quantizers everywhere: near to the layers themselves, and differentiable. */
class EveryLayerTest {
    private static Tensor random(int... dims) {
        return Tensors.randn(new Rng(Arrays.hashCode(dims)), dims);
    }

    private static Stream<DynamicTest> layers() {
        Tensor image = random(2, 4, 6, 6);
        Tensor line = random(2, 4, 8);
        Tensor volume = random(1, 2, 4, 4, 4);
        Tensor row = random(3, 8);
        Tensor sequence = random(5, 2, 8);
        List<DynamicTest> tests = new ArrayList<>();
        each(tests, image, new Conv2d(4, 6, 3), new ConvTranspose2d(4, 6, 2), new BatchNorm2d(4),
                new org.bitgrid.nn.GroupNorm(2, 4), new InstanceNorm2d(4), new org.bitgrid.nn.MaxPool2d(2),
                new org.bitgrid.nn.AvgPool2d(2), new org.bitgrid.nn.AdaptiveAvgPool2d(2), new PixelShuffle(2),
                new PixelUnshuffle(2), new ZeroPad2d(1, 1, 1, 1), new ReflectionPad2d(1, 1, 1, 1),
                new ReplicationPad2d(1, 1, 1, 1), new CircularPad2d(1, 1, 1, 1), new ConstantPad2d(0.5, 1, 1, 1, 1),
                Upsample.by(2), new Flatten(), new Softmax2d(), new Dropout2d(), new PReLU(4));
        each(tests, line, new Conv1d(4, 6, 3), new ConvTranspose1d(4, 6, 2), new BatchNorm1d(4), new InstanceNorm1d(4),
                new MaxPool1d(2), new AvgPool1d(2), new AdaptiveAvgPool1d(2));
        each(tests, volume, new Conv3d(2, 3, 2), new BatchNorm3d(2));
        each(tests, row, new Linear(8, 5), new LayerNorm(8), new RMSNorm(8), new ReLU(), new ReLU6(), new GELU(),
                new Sigmoid(), new Tanh(), new Softmax(-1), new LogSoftmax(-1), new Dropout(), new ELU(), new CELU(),
                new SELU(), new GLU(), new Hardtanh(), new Hardswish(), new Hardsigmoid(), new LeakyReLU(),
                new LogSigmoid(), new Mish(), new SiLU(), new Softplus(), new Softsign(), new Tanhshrink(),
                new Softmin(-1), new Abs(), new Neg(), new Exponential(), new Square(), new Erf());
        each(tests, sequence, new LSTM(8, 4), new GRU(8, 4), new RNN(8, 4));
        pair(tests, row, random(3, 8).add(4), new Add(), new Subtract(), new Multiply(), new Divide(), new Maximum(),
                new Minimum(), new Concat(1), new CosineSimilarity(), new PairwiseDistance(), new MSELoss(),
                new L1Loss());
        pair(tests, random(2, 3, 4), random(2, 4, 5), new MatMul(), new Bmm());
        tests.add(test(new Mean(), List.of(image, List.of(2L, 3L))));
        tests.add(test(new Embedding(6, 4), List.of(Tensors.of(new long[] {1, 5, 0}, 3))));
        tests.add(test(new GRUCell(8, 4), List.of(random(3, 8), random(3, 4))));
        tests.add(test(new LSTMCell(8, 4), List.of(random(3, 8), random(3, 4), random(3, 4).mul(2))));
        return tests.stream();
    }

    private static void each(List<DynamicTest> tests, Tensor input, Module... layers) {
        Arrays.stream(layers).forEach(layer -> tests.add(test(layer, List.of(input))));
    }

    private static void pair(List<DynamicTest> tests, Tensor first, Tensor second, Module... layers) {
        Arrays.stream(layers).forEach(layer -> tests.add(test(layer, List.of(first, second))));
    }

    private static Quantizer wide() {
        return new QuantizeDequantize(Shape.of(1), 16, false);
    }

    private static DynamicTest test(Module layer, List<Object> arguments) {
        return dynamicTest(layer.typeName(), () -> {
            layer.eval();
            LayerSlots slots = QuantizedModules.slots(layer);
            assertThat(slots).as("slots").isNotNull();
            int inputs = slots.inputs() == LayerSlots.AS_CALLED ? arguments.size() : slots.inputs();
            QuantizedModule quantized = new QuantizedModule(layer, slots, inputs);
            Tensor[] expected = layer.callWith(arguments);
            quantized.paramNames().forEach(name -> quantized.setParamQuantizer(name, wide()));
            List<CalibrationScope> scopes = new ArrayList<>();
            for (int i = 0; i < inputs; i++) {
                Quantizer quantizer = wide();
                quantized.setInputQuantizer(i, quantizer);
                scopes.add(quantizer.computeEncodings(CalibrationMode.PASS_THROUGH));
            }
            for (int i = 0; i < quantized.outputCount(); i++) {
                Quantizer quantizer = wide();
                quantized.setOutputQuantizer(i, quantizer);
                scopes.add(quantizer.computeEncodings(CalibrationMode.PASS_THROUGH));
            }
            quantized.callWith(arguments);
            scopes.forEach(CalibrationScope::close);
            Tensor[] outputs = quantized.callWith(arguments);
            assertThat(outputs).hasSameSizeAs(expected);
            for (int i = 0; i < outputs.length; i++) {
                assertThat(outputs[i].shape()).isEqualTo(expected[i].shape());
                // Steps are 1/65535 of each range; sums of up to 64 of them, amplified where a layer divides.
                double range = Math.max(1, expected[i].abs().max().item());
                assertThat(outputs[i].sub(expected[i]).abs().max().item()).isLessThan(5e-3 * range);
            }
            if (!quantized.parameters().isEmpty() && outputs[0].requiresGrad()) {
                outputs[0].sum().backward();
                assertThat(quantized.ownParameters().values()).allMatch(parameter -> parameter.grad() != null);
            }
            assertThat(quantized.typeName()).isEqualTo("Quantized" + layer.typeName());
        });
    }

    @TestFactory
    Stream<DynamicTest> quantized() {
        List<DynamicTest> tests = layers().toList();
        System.out.println("quantized layers: " + tests.size() + " cases");
        return tests.stream();
    }
}
