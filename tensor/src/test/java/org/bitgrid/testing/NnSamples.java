package org.bitgrid.testing;

import java.util.ArrayList;
import java.util.List;
import org.bitgrid.tensor.DType;
import org.bitgrid.tensor.DTypeException;
import org.bitgrid.tensor.ShapeException;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.Tensors;
import org.bitgrid.tensor.op.AdaptiveAvgPool2d;
import org.bitgrid.tensor.op.AvgPool2d;
import org.bitgrid.tensor.op.Conv1d;
import org.bitgrid.tensor.op.Conv2d;
import org.bitgrid.tensor.op.ConvTranspose2d;
import org.bitgrid.tensor.op.Interpolate;
import org.bitgrid.tensor.op.Linear;
import org.bitgrid.tensor.op.MatMul;
import org.bitgrid.tensor.op.MaxPool2d;
import org.bitgrid.tensor.op.ScaledDotProductAttention;
import org.bitgrid.tensor.op.Window2d;

/** Samples of matrix products, convolutions, pooling, resizing and attention. */
final class NnSamples {
    private NnSamples() {
    }

    static List<OpSample> all() {
        List<OpSample> samples = new ArrayList<>();
        products(samples);
        convolutions(samples);
        convolutionGradients(samples);
        otherConvolutions(samples);
        pools(samples);
        attention(samples);
        return samples;
    }

    static Window2d window(int kernelH, int kernelW, int stride, int pad, int dilation) {
        return new Window2d(kernelH, kernelW, stride, stride, pad, pad, dilation, dilation);
    }

    /** Products are added: nothing is rounded but the sum, and its size is that of the absolute values. */
    private static OpSample sum(OpSample sample) {
        return sample.roundings(0, "products are added by fused multiply-add").magnitude(Magnitude.ABSOLUTE);
    }

    private static void products(List<OpSample> samples) {
        samples.add(sum(OpSample.of("matmul", new MatMul(), rng -> new Tensor[] {Inputs.floats(rng, 2, 3),
            Inputs.floats(rng, 3, 5)}))
                .refuses(ShapeException.class, "matmul: inner sizes differ: \\(2, 3\\) x \\(4, 5\\); 3 != 4",
                        Tensors.ones(2, 3), Tensors.ones(4, 5))
                .refuses(ShapeException.class, "matmul: inner sizes differ: .*; did you mean "
                        + "weight.transpose\\(-2, -1\\)\\?", Tensors.ones(2, 3), Tensors.ones(5, 3))
                .refuses(ShapeException.class, "matmul: operands must have at least one dimension; got \\(\\) and "
                        + "\\(2,\\)", Tensors.scalar(1), Tensors.ones(2))
                .refuses(DTypeException.class, "matmul: left operand and right operand must have one type; .*",
                        Tensors.ones(2, 2), Tensors.arange(2))
                .refuses(ShapeException.class, "matmul: shapes cannot be broadcast; .*", Tensors.ones(2, 1, 1),
                        Tensors.ones(3, 1, 1)));
        int[][][] shapes = {{{3}, {3}}, {{3}, {3, 5}}, {{2, 3}, {3}}, {{4, 1, 2, 3}, {5, 3, 7}}, {{4, 2, 3}, {3}},
            {{3}, {4, 3, 5}}, {{6, 2, 3}, {6, 3, 5}}};
        String[] names = {"vectors", "vector and matrix", "matrix and vector", "batches, broadcast",
            "batch and vector", "vector and batch", "batches"};
        for (int i = 0; i < shapes.length; i++) {
            int[][] pair = shapes[i];
            samples.add(sum(OpSample.of("matmul, " + names[i], new MatMul(), rng -> new Tensor[] {
                Inputs.floats(rng, pair[0]), Inputs.floats(rng, pair[1])})));
        }
        samples.add(sum(OpSample.of("linear", new Linear(), rng -> new Tensor[] {Inputs.floats(rng, 2, 3),
            Inputs.floats(rng, 5, 3), Inputs.floats(rng, 5)}))
                .refuses(ShapeException.class, "linear: last size of the input must be the weight's last size; got "
                        + "input \\(2, 4\\) and weight \\(5, 3\\); expected 3", Tensors.ones(2, 4), Tensors.ones(5, 3))
                .refuses(ShapeException.class, "linear: bias has the wrong shape; got \\(3,\\); expected \\(5,\\)",
                        Tensors.ones(2, 3), Tensors.ones(5, 3), Tensors.ones(3))
                .refuses(DTypeException.class, "linear: input must be floating point; .*", Tensors.arange(3),
                        Tensors.ones(5, 3)));
        samples.add(sum(OpSample.of("linear, no bias, batches", new Linear(), rng -> new Tensor[] {
            Inputs.floats(rng, 4, 2, 3), Inputs.floats(rng, 5, 3)})));
        samples.add(sum(OpSample.of("linear, vector", new Linear(), rng -> new Tensor[] {Inputs.floats(rng, 3),
            Inputs.floats(rng, 5, 3), Inputs.floats(rng, 5)})));
        samples.add(sum(OpSample.of("linear input gradient", new Linear.InputGrad(), rng -> new Tensor[] {
            Inputs.floats(rng, 4, 2, 5), Inputs.floats(rng, 5, 3)}))
                .refuses(ShapeException.class, "linear_input_grad: last size of the gradient must be the weight's first "
                        + "size; got \\(2, 3\\) and \\(2, 2\\)", Tensors.ones(2, 3), Tensors.ones(2, 2)));
        samples.add(sum(OpSample.of("linear weight gradient", new Linear.WeightGrad(), rng -> new Tensor[] {
            Inputs.floats(rng, 4, 2, 3), Inputs.floats(rng, 4, 2, 5)}))
                .refuses(ShapeException.class, "linear_weight_grad: input and gradient must agree in all sizes but the "
                        + "last; got \\(2, 3\\) and \\(3, 3\\)", Tensors.ones(2, 3), Tensors.ones(3, 3)));
    }

    private static OpSample conv(String name, Window2d window, int groups, int[] x, int[] weight, boolean bias) {
        return sum(OpSample.of(name, new Conv2d(window, groups), rng -> bias
                ? new Tensor[] {Inputs.floats(rng, x), Inputs.floats(rng, weight), Inputs.floats(rng, weight[0])}
                : new Tensor[] {Inputs.floats(rng, x), Inputs.floats(rng, weight)}));
    }

    private static void convolutions(List<OpSample> samples) {
        samples.add(conv("conv2d", window(3, 2, 1, 1, 1), 1, new int[] {2, 3, 4, 5}, new int[] {6, 3, 3, 2}, true)
                .refuses(ShapeException.class, "conv2d: input has 2 channels but weight expects 3 \\(input "
                        + "\\(1, 2, 8, 8\\), weight \\(4, 3, 3, 2\\), groups 1\\)", Tensors.ones(1, 2, 8, 8),
                        Tensors.ones(4, 3, 3, 2))
                .refuses(ShapeException.class, "conv2d: weight does not match the window; got weight \\(4, 3, 3, 3\\); "
                        + "expected kernel size \\(3, 2\\)", Tensors.ones(1, 3, 8, 8), Tensors.ones(4, 3, 3, 3))
                .refuses(ShapeException.class, "conv2d: window does not fit the input's width; got 1 with padding 0; "
                        + ".*|conv2d: window does not fit the input's height; .*", Tensors.ones(1, 3, 0, 0),
                        Tensors.ones(4, 3, 3, 2))
                .refuses(ShapeException.class, "conv2d: input must have 4 dimensions; got \\(3, 8, 8\\)",
                        Tensors.ones(3, 8, 8), Tensors.ones(4, 3, 3, 2))
                .refuses(() -> new Conv2d(window(3, 3, 1, 1, 1), 3), ShapeException.class, "conv2d: groups must divide "
                        + "the output channels; got groups 3 for weight .*", Tensors.ones(1, 3, 8, 8),
                        Tensors.ones(4, 1, 3, 3))
                .refuses(() -> new Conv2d(window(3, 3, 0, 1, 1), 1), ShapeException.class, "window: stride must be at "
                        + "least 1; got \\(0, 0\\)")
                .refuses(() -> new Conv2d(window(3, 3, 1, -1, 1), 1), ShapeException.class, "window: padding must not be "
                        + "negative; got \\(-1, -1\\)")
                .refuses(() -> new Conv2d(window(0, 3, 1, 1, 1), 1), ShapeException.class, "window: kernel size must be "
                        + "at least 1; .*")
                .refuses(() -> new Conv2d(window(3, 3, 1, 1, 0), 1), ShapeException.class, "window: dilation must be at "
                        + "least 1; .*"));
        samples.add(conv("conv2d, strided, no bias", window(2, 2, 2, 0, 1), 1, new int[] {2, 3, 5, 4},
                new int[] {7, 3, 2, 2}, false));
        samples.add(conv("conv2d, 1 x 1", window(1, 1, 1, 0, 1), 1, new int[] {2, 3, 4, 5}, new int[] {6, 3, 1, 1},
                true));
        samples.add(conv("conv2d, 1 x 1, strided", window(1, 1, 2, 0, 1), 1, new int[] {2, 3, 4, 5},
                new int[] {6, 3, 1, 1}, false));
        samples.add(conv("conv2d, groups", window(3, 3, 1, 1, 1), 2, new int[] {2, 4, 5, 3}, new int[] {6, 2, 3, 3},
                true));
        samples.add(conv("conv2d, depthwise", window(3, 3, 1, 1, 1), 4, new int[] {2, 4, 5, 6}, new int[] {4, 1, 3, 3},
                true));
        samples.add(conv("conv2d, depthwise, strided, two filters each", window(3, 3, 2, 1, 1), 3,
                new int[] {2, 3, 5, 7}, new int[] {6, 1, 3, 3}, false));
        samples.add(conv("conv2d, dilated", window(2, 3, 1, 2, 2), 1, new int[] {1, 2, 4, 5}, new int[] {3, 2, 2, 3},
                true));
        samples.add(conv("conv2d, uneven window", new Window2d(2, 3, 1, 2, 0, 1, 2, 1), 1, new int[] {1, 2, 4, 5},
                new int[] {3, 2, 2, 3}, true));
    }

    private static void convolutionGradients(List<OpSample> samples) {
        samples.add(sum(OpSample.of("conv2d input gradient", new Conv2d.InputGrad(window(3, 2, 1, 1, 1), 1, 4, 5),
                rng -> new Tensor[] {Inputs.floats(rng, 2, 3, 4, 6), Inputs.floats(rng, 3, 7, 3, 2)}))
                .refuses(ShapeException.class, "conv2d_input_grad: gradient has the wrong shape; .*",
                        Tensors.ones(2, 3, 4, 5), Tensors.ones(3, 7, 3, 2)));
        samples.add(sum(OpSample.of("conv2d input gradient, strided, groups", new Conv2d.InputGrad(
                window(3, 3, 2, 1, 1), 2, 5, 6), rng -> new Tensor[] {Inputs.floats(rng, 2, 4, 3, 3),
                    Inputs.floats(rng, 4, 3, 3, 3)})));
        samples.add(sum(OpSample.of("conv2d input gradient, depthwise, dilated", new Conv2d.InputGrad(
                window(2, 2, 1, 1, 2), 3, 4, 5), rng -> new Tensor[] {Inputs.floats(rng, 1, 3, 4, 5),
                    Inputs.floats(rng, 3, 1, 2, 2)})));
        samples.add(sum(OpSample.of("conv2d weight gradient", new Conv2d.WeightGrad(window(3, 2, 1, 1, 1), 1),
                rng -> new Tensor[] {Inputs.floats(rng, 2, 3, 4, 5), Inputs.floats(rng, 2, 7, 4, 6)}))
                .refuses(ShapeException.class, "conv2d_weight_grad: gradient has the wrong shape; .*",
                        Tensors.ones(2, 3, 4, 5), Tensors.ones(2, 3, 4, 5))
                .refuses(() -> new Conv2d.WeightGrad(window(1, 1, 1, 0, 1), 2), ShapeException.class,
                        "conv2d_weight_grad: groups must divide the input and output channels; .*",
                        Tensors.ones(1, 3, 2, 2), Tensors.ones(1, 2, 2, 2)));
        samples.add(sum(OpSample.of("conv2d weight gradient, strided, groups", new Conv2d.WeightGrad(
                window(3, 3, 2, 1, 1), 2), rng -> new Tensor[] {Inputs.floats(rng, 2, 6, 5, 7),
                    Inputs.floats(rng, 2, 4, 3, 4)})));
        samples.add(sum(OpSample.of("conv2d weight gradient, depthwise", new Conv2d.WeightGrad(window(3, 3, 1, 1, 1),
                3), rng -> new Tensor[] {Inputs.floats(rng, 2, 3, 4, 5), Inputs.floats(rng, 2, 3, 4, 5)})));
    }

    private static void otherConvolutions(List<OpSample> samples) {
        samples.add(sum(OpSample.of("conv1d", new Conv1d(2, 1, 1, 1), rng -> new Tensor[] {Inputs.floats(rng, 2, 3, 7),
            Inputs.floats(rng, 5, 3, 4), Inputs.floats(rng, 5)}))
                .refuses(ShapeException.class, "conv1d: input must have 3 dimensions; got \\(1, 3\\)",
                        Tensors.ones(1, 3), Tensors.ones(5, 3, 4)));
        samples.add(sum(OpSample.of("conv1d, dilated, groups", new Conv1d(1, 2, 2, 2), rng -> new Tensor[] {
            Inputs.floats(rng, 1, 4, 7), Inputs.floats(rng, 6, 2, 3)})));
        samples.add(sum(OpSample.of("conv transpose2d", new ConvTranspose2d(window(3, 2, 2, 1, 1), 1, 0, 1),
                rng -> new Tensor[] {Inputs.floats(rng, 2, 3, 4, 5), Inputs.floats(rng, 3, 7, 3, 2),
                    Inputs.floats(rng, 7)}))
                .refuses(() -> new ConvTranspose2d(window(2, 2, 1, 0, 1), 1, 0, 1), ShapeException.class,
                        "conv_transpose2d: output padding must be less than the stride; got \\(1, 0\\) for strides "
                        + "\\(1, 1\\)", Tensors.ones(1, 1, 2, 2), Tensors.ones(1, 1, 2, 2))
                .refuses(() -> new ConvTranspose2d(window(1, 1, 1, 1, 1), 0, 0, 1), ShapeException.class,
                        "conv_transpose2d: output would be empty; got 0 x 0 from \\(1, 1, 2, 2\\)",
                        Tensors.ones(1, 1, 2, 2), Tensors.ones(1, 1, 1, 1)));
        samples.add(sum(OpSample.of("conv transpose2d, groups", new ConvTranspose2d(window(2, 2, 2, 0, 1), 0, 0, 2),
                rng -> new Tensor[] {Inputs.floats(rng, 1, 4, 2, 3), Inputs.floats(rng, 4, 3, 2, 2)})));
        for (Interpolate.Mode mode : Interpolate.Mode.values()) {
            samples.add(OpSample.one("interpolate " + mode, new Interpolate(6, 3, mode, false),
                    rng -> Inputs.floats(rng, 1, 2, 4, 5)).magnitude(interpolation(mode))
                    .roundings(2, "weights are rounded")
                    .refuses(() -> new Interpolate(0, 3, mode, false), ShapeException.class, "interpolate: sizes must "
                            + "be at least 1; got 0 x 3 from \\(1, 1, 2, 2\\)", Tensors.ones(1, 1, 2, 2)));
        }
        samples.add(OpSample.one("interpolate bilinear, aligned", new Interpolate(6, 3, Interpolate.Mode.BILINEAR, true),
                rng -> Inputs.floats(rng, 1, 2, 4, 5)).magnitude(Magnitude.ABSOLUTE).roundings(2, "weights are rounded")
                .refuses(() -> new Interpolate(2, 2, Interpolate.Mode.NEAREST, true), ShapeException.class,
                        "interpolate: nearest knows no aligned corners; .*", Tensors.ones(1, 1, 2, 2)));
        samples.add(OpSample.one("interpolate bicubic, aligned", new Interpolate(5, 7, Interpolate.Mode.BICUBIC, true),
                rng -> Inputs.floats(rng, 1, 2, 4, 5)).magnitude(Magnitude.CONDITION)
                .roundings(2, "weights are rounded"));
    }

    /** Cubic weights may be negative. */
    private static Magnitude interpolation(Interpolate.Mode mode) {
        return mode == Interpolate.Mode.BICUBIC ? Magnitude.CONDITION : Magnitude.ABSOLUTE;
    }

    private static void pools(List<OpSample> samples) {
        samples.add(OpSample.one("max pool", new MaxPool2d(window(2, 2, 2, 0, 1), false),
                rng -> Inputs.floats(rng, 2, 3, 4, 6))
                .refuses(() -> new MaxPool2d(window(2, 2, 2, 2, 1), false), ShapeException.class, "max_pool2d: padding "
                        + "must be at most half of the kernel; got padding \\(2, 2\\) for kernel \\(2, 2\\)",
                        Tensors.ones(1, 1, 4, 4))
                .refuses(ShapeException.class, "max_pool2d: window does not fit the input's height; got 1 with padding "
                        + "0; expected at least 2 for kernel 2 and dilation 1", Tensors.ones(1, 1, 1, 1))
                .refuses(ShapeException.class, "max_pool2d: input must have 4 dimensions; got \\(4, 4\\)",
                        Tensors.ones(4, 4))
                .refuses(DTypeException.class, "max_pool2d: input must be floating point; .*",
                        Tensors.ones(1, 1, 2, 2).to(DType.INT32)));
        samples.add(OpSample.one("max pool, ceil, padded", new MaxPool2d(window(3, 3, 2, 1, 1), true),
                rng -> Inputs.floats(rng, 2, 3, 4, 5)));
        samples.add(OpSample.one("max pool, dilated", new MaxPool2d(window(2, 3, 1, 1, 2), false),
                rng -> Inputs.floats(rng, 1, 2, 4, 5)));
        samples.add(OpSample.of("max pool input gradient", new MaxPool2d.InputGrad(4, 5), rng -> new Tensor[] {
            Inputs.floats(rng, 2, 3, 2, 4), Inputs.indices(rng, 20, 2, 3, 2, 4)}).magnitude(Magnitude.ABSOLUTE)
                .refuses(ShapeException.class, "max_pool2d_input_grad: places has the wrong shape; .*",
                        Tensors.ones(1, 1, 2, 2), Tensors.arange(4)));
        samples.add(average(OpSample.one("avg pool", new AvgPool2d(window(2, 2, 2, 0, 1), false, true, 0),
                rng -> Inputs.floats(rng, 2, 3, 4, 6)))
                .refuses(() -> new AvgPool2d(window(2, 2, 1, 0, 2), false, true, 0), ShapeException.class,
                        "avg_pool2d: dilation must be 1; got \\(2, 2\\)")
                .refuses(() -> new AvgPool2d(window(2, 2, 1, 0, 1), false, true, -1), ShapeException.class,
                        "avg_pool2d: divisor must be positive, or 0 for none; got -1"));
        samples.add(average(OpSample.one("avg pool, ceil, padding counted", new AvgPool2d(window(3, 3, 2, 1, 1), true,
                true, 0), rng -> Inputs.floats(rng, 2, 3, 4, 5))));
        samples.add(average(OpSample.one("avg pool, ceil, padding not counted", new AvgPool2d(window(3, 3, 2, 1, 1),
                true, false, 0), rng -> Inputs.floats(rng, 2, 3, 4, 5))));
        samples.add(average(OpSample.one("avg pool, own divisor", new AvgPool2d(window(3, 2, 1, 1, 1), false, true, 5),
                rng -> Inputs.floats(rng, 1, 2, 4, 5))));
        samples.add(average(OpSample.one("avg pool input gradient", new AvgPool2d.InputGrad(new AvgPool2d(
                window(3, 3, 2, 1, 1), true, false, 0), 4, 5), rng -> Inputs.floats(rng, 2, 3, 3, 3)))
                .refuses(ShapeException.class, "avg_pool2d_input_grad: gradient has the wrong shape; .*",
                        Tensors.ones(1, 1, 2, 2)));
        samples.add(average(OpSample.one("adaptive avg pool", new AdaptiveAvgPool2d(3, 2),
                rng -> Inputs.floats(rng, 2, 4, 5, 7)))
                .refuses(() -> new AdaptiveAvgPool2d(0, 1), ShapeException.class, "adaptive_avg_pool2d: output size "
                        + "must be at least 1; got \\(0, 1\\)", Tensors.ones(1, 1, 2, 2))
                .refuses(ShapeException.class, "adaptive_avg_pool2d: input has no elements to pool; got "
                        + "\\(1, 1, 0, 2\\)", Tensors.ones(1, 1, 0, 2)));
        samples.add(average(OpSample.one("adaptive avg pool to one", new AdaptiveAvgPool2d(1, 1),
                rng -> Inputs.floats(rng, 2, 3, 4, 5))));
        samples.add(average(OpSample.one("adaptive avg pool that repeats", new AdaptiveAvgPool2d(5, 3),
                rng -> Inputs.floats(rng, 1, 2, 3, 2))));
        samples.add(average(OpSample.one("adaptive avg pool input gradient", new AdaptiveAvgPool2d.InputGrad(5, 7),
                rng -> Inputs.floats(rng, 2, 4, 3, 2))));
    }

    private static OpSample average(OpSample sample) {
        return sample.roundings(1, "the sum is divided, or each term is").magnitude(Magnitude.ABSOLUTE);
    }

    private static void attention(List<OpSample> samples) {
        String name = "scaled_dot_product_attention";
        String reason = "scaling, difference, exponential of 4 and quotient of the softmax";
        samples.add(OpSample.of("attention", new ScaledDotProductAttention(false, 0, 0, 0), rng -> new Tensor[] {
            Inputs.floats(rng, 2, 3, 4), Inputs.floats(rng, 2, 5, 4), Inputs.floats(rng, 2, 5, 6)})
                .roundings(8, reason)
                .refuses(ShapeException.class, name + ": query, key and value must have at least 2 dimensions; got "
                        + "\\(3,\\)", Tensors.ones(3), Tensors.ones(3), Tensors.ones(3))
                .refuses(DTypeException.class, name + ": query and key must have one type; .*", Tensors.ones(2, 3),
                        Tensors.arange(2).unsqueeze(1), Tensors.ones(2, 3))
                .refuses(() -> new ScaledDotProductAttention(false, -1, 0, 0), ShapeException.class, name
                        + ": scale must not be negative; got -1.0")
                .refuses(() -> new ScaledDotProductAttention(false, 0, 2, 0), ShapeException.class, name
                        + ": dropout must lie in \\[0, 1\\]; got 2.0"));
        samples.add(OpSample.of("attention, causal, own scale", new ScaledDotProductAttention(true, 0.7, 0, 0),
                rng -> new Tensor[] {Inputs.floats(rng, 3, 4), Inputs.floats(rng, 3, 4), Inputs.floats(rng, 3, 6)})
                .roundings(8, reason)
                .refuses(ShapeException.class, name + ": got a mask of shape \\(3, 3\\) beside causal; choose one",
                        Tensors.ones(3, 4), Tensors.ones(3, 4), Tensors.ones(3, 6), Tensors.ones(3, 3)));
        samples.add(OpSample.of("attention, mask of additions", new ScaledDotProductAttention(false, 0, 0, 0),
                rng -> new Tensor[] {Inputs.floats(rng, 2, 3, 4), Inputs.floats(rng, 2, 5, 4),
                    Inputs.floats(rng, 2, 5, 6), Inputs.floats(rng, 3, 5)}).roundings(8, reason));
        samples.add(OpSample.of("attention, mask of booleans, dropout", new ScaledDotProductAttention(false, 0, 0.3, 5),
                rng -> new Tensor[] {Inputs.floats(rng, 2, 3, 4), Inputs.floats(rng, 2, 5, 4),
                    Inputs.floats(rng, 2, 5, 6), Tensors.of(true, true, false, true, true)}).roundings(9, reason));
    }
}
