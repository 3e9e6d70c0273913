package org.bitgrid.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.bitgrid.tensor.ShapeException;
import org.bitgrid.tensor.StateException;
import org.bitgrid.tensor.Tensors;
import org.bitgrid.tensor.op.Interpolate;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Printed forms and parameter names, as PyTorch has them. */
class LayerTextTest {
    private static Map<String, Module> texts() {
        Map<String, Module> texts = new LinkedHashMap<>();
        texts.put("Conv2d(1, 128, kernel_size=(3, 3), stride=(2, 2), padding=(1, 1))",
                new Conv2d(1, 128, 3).stride(2).padding(1));
        texts.put("Conv2d(3, 8, kernel_size=(3, 3), stride=(1, 1), padding=(1, 1), bias=False)",
                new Conv2d(3, 8, 3).padding(1).bias(false));
        texts.put("Conv2d(6, 6, kernel_size=(3, 5), stride=(2, 1), padding=(0, 2), dilation=(1, 3), groups=6, "
                + "bias=False)", new Conv2d(6, 6, 3, 5).stride(2, 1).padding(0, 2).dilation(1, 3).groups(6).bias(false));
        texts.put("Conv2d(6, 10, kernel_size=(1, 1), stride=(1, 1))", new Conv2d(6, 10, 1));
        texts.put("BatchNorm2d(128, eps=1e-05, momentum=0.1, affine=True, track_running_stats=True)",
                new BatchNorm2d(128));
        texts.put("BatchNorm1d(16, eps=0.001, momentum=None, affine=False, track_running_stats=False)",
                new BatchNorm1d(16).epsilon(1e-3).momentum(null).affine(false).trackRunningStats(false));
        texts.put("LayerNorm((16,), eps=1e-05, elementwise_affine=True, bias=True)", new LayerNorm(16));
        texts.put("LayerNorm((4, 6), eps=1e-06, elementwise_affine=True, bias=False)",
                new LayerNorm(4, 6).epsilon(1e-6).bias(false));
        texts.put("Linear(in_features=12544, out_features=10, bias=True)", new Linear(12544, 10));
        texts.put("Linear(in_features=2, out_features=3, bias=False)", new Linear(2, 3).bias(false));
        texts.put("MaxPool2d(kernel_size=2, stride=2, padding=0, dilation=1, ceil_mode=False)", new MaxPool2d(2));
        texts.put("MaxPool2d(kernel_size=(3, 2), stride=(2, 1), padding=(1, 0), dilation=1, ceil_mode=True)",
                new MaxPool2d(3, 2).stride(2, 1).padding(1, 0).ceilMode(true));
        texts.put("AvgPool2d(kernel_size=3, stride=2, padding=1)", new AvgPool2d(3).stride(2).padding(1));
        texts.put("AdaptiveAvgPool2d(output_size=1)", new AdaptiveAvgPool2d(1));
        texts.put("AdaptiveAvgPool2d(output_size=(3, 2))", new AdaptiveAvgPool2d(3, 2));
        texts.put("Dropout(p=0.2, inplace=False)", new Dropout(0.2));
        texts.put("Flatten(start_dim=1, end_dim=-1)", new Flatten());
        texts.put("Softmax(dim=-1)", new Softmax(-1));
        texts.put("LogSoftmax(dim=1)", new LogSoftmax(1));
        texts.put("GELU(approximate='none')", new GELU());
        texts.put("GELU(approximate='tanh')", new GELU().approximate("tanh"));
        texts.put("ReLU()", new ReLU());
        texts.put("ReLU6()", new ReLU6());
        texts.put("Sigmoid()", new Sigmoid());
        texts.put("Tanh()", new Tanh());
        texts.put("Identity()", new Identity());
        texts.put("CrossEntropyLoss()", new CrossEntropyLoss());
        texts.put("Conv1d(3, 8, kernel_size=(3,), stride=(2,), padding=(1,))", new Conv1d(3, 8, 3).stride(2).padding(1));
        texts.put("Conv1d(4, 8, kernel_size=(3,), stride=(1,), dilation=(2,), groups=2, bias=False)",
                new Conv1d(4, 8, 3).dilation(2).groups(2).bias(false));
        texts.put("ConvTranspose2d(4, 6, kernel_size=(3, 3), stride=(2, 2), padding=(1, 1), output_padding=(1, 1))",
                new ConvTranspose2d(4, 6, 3).stride(2).padding(1).outputPadding(1));
        texts.put("GroupNorm(2, 6, eps=1e-05, affine=True)", new GroupNorm(2, 6));
        texts.put("InstanceNorm2d(3, eps=1e-05, momentum=0.1, affine=False, track_running_stats=False)",
                new InstanceNorm2d(3));
        texts.put("InstanceNorm1d(3, eps=0.001, momentum=0.1, affine=True, track_running_stats=False)",
                new InstanceNorm1d(3).epsilon(1e-3).affine(true));
        texts.put("RMSNorm((16,), eps=None, elementwise_affine=True)", new RMSNorm(16));
        texts.put("Embedding(10, 3)", new Embedding(10, 3));
        texts.put("Embedding(10, 3, padding_idx=9)", new Embedding(10, 3).paddingIndex(-1));
        texts.put("Upsample(scale_factor=2.0, mode='nearest')", Upsample.by(2));
        texts.put("Upsample(size=(7, 9), mode='bilinear')", Upsample.toSize(7, 9).mode(Interpolate.Mode.BILINEAR));
        texts.put("PixelShuffle(upscale_factor=2)", new PixelShuffle(2));
        texts.put("PixelUnshuffle(downscale_factor=2)", new PixelUnshuffle(2));
        texts.put("ZeroPad2d((1, 1, 1, 1))", new ZeroPad2d(1));
        texts.put("ReflectionPad2d((1, 2, 0, 1))", new ReflectionPad2d(1, 2, 0, 1));
        texts.put("ConstantPad2d(padding=(1, 1, 1, 1), value=0.5)", new ConstantPad2d(0.5, 1));
        texts.put("Dropout2d(p=0.5, inplace=False)", new Dropout2d());
        texts.put("MaxPool1d(kernel_size=2, stride=2, padding=0, dilation=1, ceil_mode=False)", new MaxPool1d(2));
        texts.put("AvgPool1d(kernel_size=(3,), stride=(2,), padding=(1,))", new AvgPool1d(3).stride(2).padding(1));
        texts.put("AdaptiveAvgPool1d(output_size=4)", new AdaptiveAvgPool1d(4));
        texts.put("Sequential(\n  (0): Linear(in_features=2, out_features=3, bias=True)\n  (1): ReLU()\n)",
                new Sequential(new Linear(2, 3), new ReLU()));
        return texts;
    }

    @TestFactory
    Stream<DynamicTest> printAsPyTorchDoes() {
        return texts().entrySet().stream().map(entry -> DynamicTest.dynamicTest(entry.getKey(), () ->
                assertThat(entry.getValue()).hasToString(entry.getKey())));
    }

    @Test
    void stateHasPyTorchsNamesAndShapes() {
        Sequential model = new Sequential(new Conv2d(4, 6, 3, 5).groups(2), new BatchNorm2d(6), new Linear(3, 2),
                new LayerNorm(2), new CrossEntropyLoss().weight(Tensors.ones(2)));
        StringBuilder text = new StringBuilder();
        model.stateDict().forEach((name, tensor) -> text.append(name).append(' ').append(tensor.spec().shape())
                .append(' ').append(tensor.dtype()).append('\n'));
        assertThat(text).hasToString("""
                0.weight (6, 2, 3, 5) float32
                0.bias (6,) float32
                1.weight (6,) float32
                1.bias (6,) float32
                1.running_mean (6,) float32
                1.running_var (6,) float32
                1.num_batches_tracked () int64
                2.weight (2, 3) float32
                2.bias (2,) float32
                3.weight (2,) float32
                3.bias (2,) float32
                4.weight (2,) float32
                """);
    }

    @TestFactory
    Stream<DynamicTest> settingsAreFinalOnceTheLayerIsInUse() {
        Map<String, Supplier<Module>> changes = new LinkedHashMap<>();
        Conv2d conv = new Conv2d(1, 1, 1);
        BatchNorm2d norm = new BatchNorm2d(1);
        GELU gelu = new GELU();
        MaxPool2d pool = new MaxPool2d(2);
        new Sequential(conv, norm, gelu, pool);
        changes.put("Conv2d: stride", () -> conv.stride(2));
        changes.put("Conv2d: bias", () -> conv.bias(false));
        changes.put("BatchNorm2d: momentum", () -> norm.momentum(0.2));
        changes.put("GELU: approximate", () -> gelu.approximate("tanh"));
        changes.put("MaxPool2d: padding", () -> pool.padding(1));
        return changes.entrySet().stream().map(entry -> DynamicTest.dynamicTest(entry.getKey(), () ->
                assertThatThrownBy(entry.getValue()::get).isInstanceOf(StateException.class)
                        .hasMessage(entry.getKey() + " cannot be changed once the layer is in use; set it where the "
                                + "layer is made, before it is added to a module")));
    }

    @TestFactory
    Stream<DynamicTest> sayWhatDoesNotFit() {
        Map<String, Supplier<Module>> faults = new LinkedHashMap<>();
        faults.put("Conv2d: groups must divide both numbers of channels; got 3 for 4 and 6",
                () -> new Conv2d(4, 6, 1).groups(3));
        faults.put("Conv2d: numbers of channels must be at least 1; got 0 and 6", () -> new Conv2d(0, 6, 1));
        faults.put("window: stride must be at least 1; got (0, 0)", () -> new Conv2d(1, 1, 1).stride(0));
        faults.put("Linear: numbers of features must be at least 1; got 3 and 0", () -> new Linear(3, 0));
        faults.put("Dropout: probability must lie in [0, 1]; got 1.5", () -> new Dropout(1.5));
        faults.put("GELU: approximate must be none or tanh; got fast", () -> new GELU().approximate("fast"));
        faults.put("MaxPool2d: stride takes one number, or one for height and one for width; got 3",
                () -> new MaxPool2d(2).stride(1, 2, 3));
        faults.put("BatchNorm2d: number of features must be at least 1; got 0", () -> new BatchNorm2d(0));
        faults.put("LayerNorm: normalized shape must have at least one dimension; got ()", () -> new LayerNorm());
        faults.put("AvgPool2d: divisor must be positive; got 0", () -> new AvgPool2d(2).divisorOverride(0));
        faults.put("GroupNorm: groups must divide the channels; got 4 groups and 6 channels",
                () -> new GroupNorm(4, 6));
        faults.put("Embedding: padding index is not a row; got 3; expected -3 to 2",
                () -> new Embedding(3, 2).paddingIndex(3));
        faults.put("ZeroPad2d: takes one size, or one for each of 4 sides; got 2 sizes",
                () -> new ZeroPad2d(1, 2));
        faults.put("Upsample: factor must be positive; got 0.0", () -> Upsample.by(0));
        return faults.entrySet().stream().map(entry -> DynamicTest.dynamicTest(entry.getKey(), () ->
                assertThatThrownBy(entry.getValue()::get).isInstanceOf(ShapeException.class)
                        .hasMessage(entry.getKey())));
    }
}
