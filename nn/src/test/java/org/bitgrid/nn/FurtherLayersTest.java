package org.bitgrid.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.bitgrid.tensor.Rng;
import org.bitgrid.tensor.Shape;
import org.bitgrid.tensor.ShapeException;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.Tensors;
import org.bitgrid.tensor.op.Interpolate;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Activations as layers, layers of volumes and lines, lists of parameters: how they print and what they give. */
class FurtherLayersTest {
    private static Map<String, Module> texts() {
        Map<String, Module> texts = new LinkedHashMap<>();
        texts.put("LeakyReLU(negative_slope=0.01)", new LeakyReLU());
        texts.put("ELU(alpha=1.0)", new ELU());
        texts.put("CELU(alpha=1.5)", new CELU(1.5));
        texts.put("SELU()", new SELU());
        texts.put("SiLU()", new SiLU());
        texts.put("Mish()", new Mish());
        texts.put("Hardswish()", new Hardswish());
        texts.put("Hardsigmoid()", new Hardsigmoid());
        texts.put("Hardtanh(min_val=-1.0, max_val=1.0)", new Hardtanh());
        texts.put("Softplus(beta=1.0, threshold=20.0)", new Softplus());
        texts.put("Softsign()", new Softsign());
        texts.put("LogSigmoid()", new LogSigmoid());
        texts.put("GLU(dim=-1)", new GLU());
        texts.put("Hardshrink(0.5)", new Hardshrink());
        texts.put("Softshrink(0.25)", new Softshrink(0.25));
        texts.put("Tanhshrink()", new Tanhshrink());
        texts.put("Threshold(threshold=0.1, value=20.0)", new Threshold(0.1, 20));
        texts.put("PReLU(num_parameters=3)", new PReLU(3));
        texts.put("RReLU(lower=0.125, upper=0.3333333333333333)", new RReLU());
        texts.put("Softmin(dim=1)", new Softmin(1));
        texts.put("Softmax2d()", new Softmax2d());
        texts.put("Dropout1d(p=0.5, inplace=False)", new Dropout1d());
        texts.put("Dropout3d(p=0.2, inplace=False)", new Dropout3d(0.2));
        texts.put("Conv3d(2, 4, kernel_size=(3, 3, 3), stride=(2, 2, 2), padding=(0, 1, 1))",
                new Conv3d(2, 4, 3).stride(2).padding(0, 1, 1));
        texts.put("ConvTranspose1d(4, 6, kernel_size=(3,), stride=(2,), padding=(1,), output_padding=(1,), groups=2)",
                new ConvTranspose1d(4, 6, 3).stride(2).padding(1).outputPadding(1).groups(2));
        texts.put("ConvTranspose3d(2, 4, kernel_size=(1, 2, 3), stride=(1, 1, 1), dilation=(1, 1, 2), bias=False)",
                new ConvTranspose3d(2, 4, 1, 2, 3).dilation(1, 1, 2).bias(false));
        texts.put("BatchNorm3d(4, eps=1e-05, momentum=0.1, affine=True, track_running_stats=True)", new BatchNorm3d(4));
        texts.put("InstanceNorm3d(4, eps=1e-05, momentum=0.1, affine=False, track_running_stats=False)",
                new InstanceNorm3d(4));
        texts.put("AdaptiveMaxPool1d(output_size=5)", new AdaptiveMaxPool1d(5));
        texts.put("AdaptiveMaxPool2d(output_size=(5, 7))", new AdaptiveMaxPool2d(5, 7));
        texts.put("Unfold(kernel_size=3, dilation=1, padding=(1, 0), stride=2)", new Unfold(3).padding(1, 0).stride(2));
        texts.put("Fold(output_size=(4, 5), kernel_size=(2, 3), dilation=1, padding=0, stride=1)",
                new Fold(new int[] {4, 5}, 2, 3));
        texts.put("Unflatten(dim=1, unflattened_size=(2, 3))", new Unflatten(1, 2, 3));
        texts.put("Bilinear(in1_features=2, in2_features=3, out_features=4, bias=True)", new Bilinear(2, 3, 4));
        texts.put("CosineSimilarity()", new CosineSimilarity());
        texts.put("PairwiseDistance()", new PairwiseDistance());
        texts.put("ZeroPad1d((1, 2))", new ZeroPad1d(1, 2));
        texts.put("ReflectionPad1d((1, 1))", new ReflectionPad1d(1));
        texts.put("ReplicationPad3d((1, 1, 2, 2, 3, 3))", new ReplicationPad3d(1, 1, 2, 2, 3, 3));
        texts.put("CircularPad3d((1, 1, 1, 1, 1, 1))", new CircularPad3d(1));
        texts.put("ConstantPad1d(padding=(2, 2), value=3.5)", new ConstantPad1d(3.5, 2));
        texts.put("ParameterList(\n    (0): Parameter containing: [torch.float32 of size 2x3]\n"
                + "    (1): Parameter containing: [torch.float32 of size 4]\n)", new ParameterList(List.of(
                new Parameter(Tensors.ones(2, 3)), new Parameter(Tensors.ones(4)))));
        texts.put("ParameterDict(  (left): Parameter containing: [torch.float32 of size 2])", new ParameterDict()
                .put("left", new Parameter(Tensors.ones(2))));
        return texts;
    }

    @TestFactory
    Stream<DynamicTest> printAsPyTorchDoes() {
        return texts().entrySet().stream().map(entry -> DynamicTest.dynamicTest(entry.getKey(), () ->
                assertThat(entry.getValue()).hasToString(entry.getKey())));
    }

    @Test
    void layersOfVolumesHavePyTorchsParameters() {
        assertThat(new Conv3d(4, 6, 3).groups(2).weight().shape()).isEqualTo(Shape.of(6, 2, 3, 3, 3));
        assertThat(new ConvTranspose3d(4, 6, 3).groups(2).weight().shape()).isEqualTo(Shape.of(4, 3, 3, 3, 3));
        assertThat(new ConvTranspose1d(4, 6, 3).bias().shape()).isEqualTo(Shape.of(6));
        assertThat(new PReLU(3).weight().held().toFloatArray()).containsExactly(0.25f, 0.25f, 0.25f);
        assertThat(new ParameterList(List.of(new Parameter(Tensors.ones(2)))).namedParameters()).containsOnlyKeys("0");
        assertThatThrownBy(() -> new Conv3d(1, 1, 2, 2)).isInstanceOf(ShapeException.class)
                .hasMessageContaining("kernel takes one number, or one for each of 3 dimensions; got 2");
        assertThatThrownBy(() -> new Conv3d(1, 1, 2).stride(0)).isInstanceOf(ShapeException.class)
                .hasMessageContaining("stride must be at least 1");
    }

    @Test
    void aVolumeOfOnePlaneIsAnImage() {
        Rng rng = new Rng(3);
        Conv3d deep = new Conv3d(3, 4, 1, 3, 3).padding(0, 1, 1).stride(1, 2, 2);
        Conv2d flat = new Conv2d(3, 4, 3).padding(1).stride(2);
        flat.weight().set(deep.weight().held().detach().squeeze(2));
        flat.bias().set(deep.bias().held().detach());
        Tensor x = Tensors.randn(rng, 2, 3, 5, 7);
        assertThat(deep.call(x.unsqueeze(2)).squeeze(2).toFloatArray()).isEqualTo(flat.call(x).toFloatArray());
    }

    @Test
    void aTransposedConvolutionUndoesTheShapeOfAConvolution() {
        Tensor x = Tensors.randn(new Rng(4), 2, 4, 9);
        Tensor small = new Conv1d(4, 6, 4).stride(2).padding(1).call(x);
        assertThat(new ConvTranspose1d(6, 4, 4).stride(2).padding(1).outputPadding(1).call(small).shape())
                .isEqualTo(x.shape());
        Tensor volume = Tensors.randn(new Rng(5), 1, 2, 5, 6, 7);
        Tensor less = new Conv3d(2, 3, 3).stride(2).padding(1).call(volume);
        assertThat(new ConvTranspose3d(3, 2, 3).stride(2).padding(1).outputPadding(0, 1, 0).call(less).shape())
                .isEqualTo(volume.shape());
    }

    @Test
    void unfoldedColumnsTimesFiltersAreAConvolution() {
        Rng rng = new Rng(6);
        Tensor x = Tensors.randn(rng, 2, 3, 5, 6);
        Conv2d layer = new Conv2d(3, 4, 3).padding(1).bias(false);
        Tensor product = layer.weight().tensor().reshape(4, -1).matmul(new Unfold(3).padding(1).call(x));
        float[] expected = layer.call(x).toFloatArray();
        float[] got = product.reshape(2, 4, 5, 6).toFloatArray();
        for (int i = 0; i < got.length; i++) {
            assertThat(got[i]).isCloseTo(expected[i], within(1e-4f));
        }
        // Folding ones back counts how many windows see each element.
        Tensor ones = new Unfold(2).call(Tensors.ones(1, 1, 3, 3));
        assertThat(new Fold(new int[] {3, 3}, 2).call(ones).toFloatArray())
                .containsExactly(1, 2, 1, 2, 4, 2, 1, 2, 1);
    }

    @Test
    void smallLayersByHand() {
        Tensor x = Tensors.of(new float[] {-1, 0.25f, 2, 3}, 1, 4);
        assertThat(new LeakyReLU(0.5).call(x).toFloatArray()).containsExactly(-0.5f, 0.25f, 2, 3);
        assertThat(new Threshold(0.5, 9).call(x).toFloatArray()).containsExactly(9, 9, 2, 3);
        assertThat(new Hardshrink().call(x).toFloatArray()).containsExactly(-1, 0, 2, 3);
        assertThat(new Softshrink().call(x).toFloatArray()).containsExactly(-0.5f, 0, 1.5f, 2.5f);
        assertThat(new Hardtanh(0, 2).call(x).toFloatArray()).containsExactly(0, 0.25f, 2, 2);
        assertThat(new Unflatten(1, 2, -1).call(x).shape()).isEqualTo(Shape.of(1, 2, 2));
        assertThat(new ConstantPad1d(7, 1, 0).call(x).toFloatArray()).containsExactly(7, -1, 0.25f, 2, 3);
        assertThat(new ReflectionPad1d(1).call(x.unsqueeze(0)).toFloatArray())
                .containsExactly(0.25f, -1, 0.25f, 2, 3, 2);
        assertThat(new AdaptiveMaxPool1d(2).call(x.unsqueeze(0)).toFloatArray()).containsExactly(0.25f, 3);
        assertThat(new CosineSimilarity().call(x, x.mul(-3.0)).item()).isCloseTo(-1, within(1e-6));
        assertThat(new PairwiseDistance().call(x, x.add(2.0)).item()).isCloseTo(4, within(1e-5));
        assertThat(new Softmin(1).call(x).sum().item()).isCloseTo(1, within(1e-6));
    }

    /** A factor says where points lie, also where 5 · 1.5 is rounded down to 7: point i at (i + 0.5) / 1.5 - 0.5. */
    @Test
    void aFactorCountsAsItWasGiven() {
        Tensor x = Tensors.of(new float[] {0, 1, 2, 3, 4}, 1, 1, 1, 5);
        float[] linear = Upsample.by(1.5).mode(Interpolate.Mode.BILINEAR).call(x).toFloatArray();
        assertThat(linear).hasSize(7);
        for (int i = 0; i < 7; i++) {
            assertThat((double) linear[i]).isCloseTo(Math.max(0, (i + 0.5) / 1.5 - 0.5), within(1e-6));
        }
        assertThat(Upsample.by(1.5).call(x).toFloatArray()).containsExactly(0, 0, 1, 2, 2, 3, 4);
        assertThat(Upsample.toSize(1, 7).call(x).toFloatArray()).containsExactly(0, 0, 1, 2, 2, 3, 4);
        assertThatThrownBy(() -> F.interpolate(x, -2, Interpolate.Mode.NEAREST, false))
                .isInstanceOf(ShapeException.class);
    }

    @Test
    void randomLayersAreStillInEvaluation() {
        Tensor x = Tensors.randn(new Rng(7), 4, 3, 5);
        RReLU slopes = new RReLU(0.2, 0.4);
        slopes.eval();
        assertThat(slopes.call(x).toFloatArray()).isEqualTo(x.leakyRelu(0.30000000000000004).toFloatArray());
        slopes.train();
        float[] drawn = slopes.call(x).toFloatArray();
        float[] given = x.toFloatArray();
        for (int i = 0; i < given.length; i++) {
            float ratio = drawn[i] / given[i];
            assertThat(ratio).isBetween(given[i] > 0 ? 1f : 0.2f, given[i] > 0 ? 1f : 0.4f);
        }
        Dropout1d dropout = new Dropout1d(0.5);
        Tensor dropped = dropout.call(Tensors.ones(6, 5, 3));
        for (Tensor channel : dropped.reshape(30, 3).unbind(0)) {
            assertThat(channel.toFloatArray()).isIn(new float[] {0, 0, 0}, new float[] {2, 2, 2});
        }
        dropout.eval();
        assertThat(dropout.call(x)).isSameAs(x);
    }
}
