package org.bitgrid.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.bitgrid.tensor.Rng;
import org.bitgrid.tensor.Shape;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.Tensors;
import org.bitgrid.tensor.op.AvgPool2d;
import org.bitgrid.tensor.op.BatchNorm;
import org.bitgrid.tensor.op.Conv2d;
import org.bitgrid.tensor.op.FakeQuantize;
import org.bitgrid.tensor.op.LayerNorm;
import org.bitgrid.tensor.op.LogSoftmax;
import org.bitgrid.tensor.op.MatMul;
import org.bitgrid.tensor.op.MaxPool2d;
import org.bitgrid.tensor.op.Op;
import org.bitgrid.tensor.op.Pointwise1;
import org.bitgrid.tensor.op.Pointwise2;
import org.bitgrid.tensor.op.Reduce;
import org.bitgrid.tensor.op.Softmax;
import org.bitgrid.tensor.op.Window2d;

/** All kernels that are timed. Adding one is adding a line here and its name to the parameters of its family's class. */
final class KernelCases {
    private static final List<KernelCase> ALL = new ArrayList<>();

    static {
        for (int[] size : new int[][] {{1024, 1024, 1024}, {512, 512, 512}, {128, 12544, 10}, {4096, 64, 64},
            {333, 777, 555}, {8192, 256, 32}}) {
            ALL.add(new KernelCase("GemmBench", "gemm_" + size[0] + "x" + size[1] + "x" + size[2], new MatMul(),
                    rows -> tensors(new int[] {rows, size[1]}, new int[] {size[1], size[2]}), size[0]));
        }
        // Input channels, size, filters, kernel, stride: layers of the quickstart, of ResNet-18 and of MobileNetV2.
        convolutions("quickstart_conv1", 128, 1, 28, 128, 3, 2, 1);
        convolutions("quickstart_conv2", 128, 128, 14, 256, 3, 2, 1);
        convolutions("resnet_stem", 8, 3, 224, 64, 7, 2, 1);
        convolutions("resnet_56", 8, 64, 56, 64, 3, 1, 1);
        convolutions("resnet_28_down", 8, 64, 56, 128, 3, 2, 1);
        convolutions("resnet_14", 8, 256, 14, 256, 3, 1, 1);
        convolutions("resnet_7", 8, 512, 7, 512, 3, 1, 1);
        convolutions("resnet_shortcut", 8, 128, 28, 256, 1, 2, 1);
        convolutions("mobile_expand_56", 8, 24, 56, 144, 1, 1, 1);
        convolutions("mobile_project_7", 8, 960, 7, 320, 1, 1, 1);
        convolutions("depthwise_112", 8, 32, 112, 32, 3, 1, 32);
        convolutions("depthwise_56_down", 8, 144, 56, 144, 3, 2, 144);
        int[] activations = {128, 14, 14};
        for (Pointwise1.Kind kind : List.of(Pointwise1.Kind.RELU, Pointwise1.Kind.EXP, Pointwise1.Kind.TANH,
                Pointwise1.Kind.SIGMOID, Pointwise1.Kind.GELU)) {
            images("ElementwiseBench", kind.name().toLowerCase(Locale.ROOT), new Pointwise1(kind), activations);
        }
        ALL.add(new KernelCase("ElementwiseBench", "add", new Pointwise2(Pointwise2.Kind.ADD),
                n -> tensors(batch(n, activations), batch(n, activations)), 128));
        ALL.add(new KernelCase("ElementwiseBench", "mul_by_channel", new Pointwise2(Pointwise2.Kind.MUL),
                n -> tensors(batch(n, activations), new int[] {activations[0], 1, 1}), 128));
        images("ReductionBench", "sum_all", new Reduce(Reduce.Kind.SUM, List.of(), false), activations);
        images("ReductionBench", "sum_by_channel", new Reduce(Reduce.Kind.SUM, List.of(0, 2, 3), false), activations);
        images("ReductionBench", "mean_of_rows", new Reduce(Reduce.Kind.MEAN, List.of(3), false), activations);
        images("SoftmaxBench", "softmax_1000", new Softmax(-1), new int[] {1000});
        images("SoftmaxBench", "log_softmax_1000", new LogSoftmax(-1), new int[] {1000});
        images("SoftmaxBench", "softmax_channels", new Softmax(1), activations);
        norms(activations);
        Window2d window = new Window2d(3, 3, 2, 2, 1, 1, 1, 1);
        images("PoolBench", "max_pool", new MaxPool2d(window, false), activations);
        images("PoolBench", "avg_pool", new AvgPool2d(window, false, true, 0), activations);
        quantization(activations);
    }

    private KernelCases() {
    }

    static List<KernelCase> all() {
        return List.copyOf(ALL);
    }

    static KernelCase named(String name) {
        return ALL.stream().filter(each -> each.name().equals(name)).findFirst().orElseThrow(() ->
                new IllegalArgumentException("no kernel case of this name; got " + name + "; expected one of "
                        + ALL.stream().map(KernelCase::name).toList()));
    }

    private static Tensor[] tensors(int[]... shapes) {
        Rng rng = new Rng(1);
        return Arrays.stream(shapes).map(shape -> Tensors.randn(rng, shape)).toArray(Tensor[]::new);
    }

    private static int[] batch(int size, int... rest) {
        int[] dims = new int[rest.length + 1];
        dims[0] = size;
        System.arraycopy(rest, 0, dims, 1, rest.length);
        return dims;
    }

    private static void images(String family, String name, Op op, int[] shape) {
        ALL.add(new KernelCase(family, name, op, n -> tensors(batch(n, shape)), 128));
    }

    private static void convolutions(String name, int batch, int channels, int size, int filters, int kernel, int stride,
                                     int groups) {
        int padding = kernel / 2;
        Window2d window = new Window2d(kernel, kernel, stride, stride, padding, padding, 1, 1);
        int out = (size + 2 * padding - kernel) / stride + 1;
        int[] weight = {filters, channels / groups, kernel, kernel};
        ALL.add(new KernelCase("ConvBench", name + "_forward", new Conv2d(window, groups),
                n -> tensors(new int[] {n, channels, size, size}, weight), batch));
        ALL.add(new KernelCase("ConvBench", name + "_weight_grad", new Conv2d.WeightGrad(window, groups),
                n -> tensors(new int[] {n, channels, size, size}, new int[] {n, filters, out, out}), batch));
        ALL.add(new KernelCase("ConvBench", name + "_input_grad", new Conv2d.InputGrad(window, groups, size, size),
                n -> tensors(new int[] {n, filters, out, out}, weight), batch));
    }

    private static void norms(int[] activations) {
        int[] channels = {activations[0]};
        ALL.add(new KernelCase("NormBench", "batch_norm_training", new BatchNorm(true, true, false, 0.1, 1e-5),
                n -> tensors(batch(n, activations), channels, channels), 128));
        ALL.add(new KernelCase("NormBench", "batch_norm_gradient", new BatchNorm.InputGrad(true),
                n -> tensors(batch(n, activations), batch(n, activations), channels, channels, channels), 128));
        ALL.add(new KernelCase("NormBench", "layer_norm", new LayerNorm(Shape.of(768), 1e-5),
                n -> tensors(batch(n, 768), new int[] {768}, new int[] {768}), 4096));
    }

    private static void quantization(int[] activations) {
        for (boolean perChannel : new boolean[] {false, true}) {
            int[] range = perChannel ? new int[] {activations[0], 1, 1} : new int[] {};
            String suffix = perChannel ? "_per_channel" : "_per_tensor";
            ALL.add(new KernelCase("QuantizeBench", "fake_quantize" + suffix, new FakeQuantize(-128, 127, 0, false), n -> {
                Tensor[] inputs = tensors(batch(n, activations), range, range);
                return new Tensor[] {inputs[0], inputs[1].abs().mul(0.02).add(0.01), inputs[2].mul(0.0)};
            }, 128));
            ALL.add(new KernelCase("QuantizeBench", "fake_quantize_gradient" + suffix,
                    new FakeQuantize.InputGrad(-128, 127, 0, false), n -> {
                        Tensor[] inputs = tensors(batch(n, activations), batch(n, activations), range, range);
                        return new Tensor[] {inputs[0], inputs[1], inputs[2].abs().mul(0.02).add(0.01),
                            inputs[3].mul(0.0)};
                    }, 128));
        }
    }
}
