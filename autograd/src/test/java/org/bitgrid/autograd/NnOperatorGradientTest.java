package org.bitgrid.autograd;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.bitgrid.tensor.Dispatch;
import org.bitgrid.tensor.Rng;
import org.bitgrid.tensor.Shape;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.Tensors;
import org.bitgrid.tensor.op.AdaptiveAvgPool2d;
import org.bitgrid.tensor.op.AvgPool2d;
import org.bitgrid.tensor.op.BatchNorm;
import org.bitgrid.tensor.op.Conv2d;
import org.bitgrid.tensor.op.CrossEntropy;
import org.bitgrid.tensor.op.Dropout;
import org.bitgrid.tensor.op.Gather;
import org.bitgrid.tensor.op.LayerNorm;
import org.bitgrid.tensor.op.Linear;
import org.bitgrid.tensor.op.LogSoftmax;
import org.bitgrid.tensor.op.MaxDim;
import org.bitgrid.tensor.op.MaxPool2d;
import org.bitgrid.tensor.op.Op;
import org.bitgrid.tensor.op.Reduction;
import org.bitgrid.tensor.op.ScatterAdd;
import org.bitgrid.tensor.op.Softmax;
import org.bitgrid.tensor.op.Window2d;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** First and second derivatives of the operators that neural networks are made of. */
class NnOperatorGradientTest {
    private record Sample(Function<Tensor[], Tensor> function, Tensor... inputs) {
    }

    /** All values differ by more than the step of the differences, so that no window has two largest. */
    private static Tensor random(long seed, int... dims) {
        Rng rng = new Rng(seed);
        double[] values = new double[(int) Shape.of(dims).numel()];
        int[] order = rng.permutation(values.length);
        for (int i = 0; i < values.length; i++) {
            values[i] = (order[i] + 0.5 * rng.nextDouble()) * 2.4 / values.length - 1.2;
        }
        return Tensors.of(values, dims);
    }

    private static Sample first(Op op, Tensor... inputs) {
        return new Sample(in -> Dispatch.applyAll(op, in)[0], inputs);
    }

    private static Window2d window(int kernelH, int kernelW, int stride, int pad, int dilation) {
        return new Window2d(kernelH, kernelW, stride, stride, pad, pad, dilation, dilation);
    }

    private static Map<String, Sample> samples() {
        Map<String, Sample> samples = new LinkedHashMap<>();
        Tensor image = random(1, 2, 2, 4, 5);
        Tensor square = random(2, 1, 2, 4, 4);
        samples.put("linear", first(new Linear(), random(3, 2, 3), random(4, 4, 3), random(5, 4)));
        samples.put("linear without bias", first(new Linear(), random(3, 2, 2, 3), random(4, 4, 3)));
        samples.put("conv2d", first(new Conv2d(window(3, 2, 1, 1, 1), 1), image, random(6, 3, 2, 3, 2), random(7, 3)));
        samples.put("conv2d strided", first(new Conv2d(window(2, 2, 2, 0, 1), 1), square, random(8, 2, 2, 2, 2)));
        samples.put("conv2d depthwise, dilated", first(new Conv2d(window(2, 2, 1, 1, 2), 2), square,
                random(9, 4, 1, 2, 2), random(10, 4)));
        samples.put("max pool", first(new MaxPool2d(window(2, 2, 2, 0, 1), false), square));
        samples.put("max pool, ceil, padded", first(new MaxPool2d(window(3, 3, 2, 1, 1), true), image));
        samples.put("avg pool", first(new AvgPool2d(window(2, 2, 2, 0, 1), false, true, 0), square));
        samples.put("avg pool, ceil, padding not counted", first(new AvgPool2d(window(3, 3, 2, 1, 1), true, false, 0),
                image));
        samples.put("adaptive avg pool", first(new AdaptiveAvgPool2d(3, 2), image));
        samples.put("batch norm in training", first(new BatchNorm(true, true, false, 0.1, 1e-5), random(11, 3, 2, 2, 2),
                random(12, 2), random(13, 2)));
        samples.put("batch norm in training, plain", first(new BatchNorm(true, false, false, 0.1, 1e-5),
                random(11, 3, 2, 2, 2)));
        Tensor mean = random(14, 2);
        Tensor variance = Tensors.of(new double[] {0.7, 1.6}, 2);
        samples.put("batch norm in evaluation", new Sample(in -> Dispatch.applyAll(new BatchNorm(false, true, true, 0.1,
                1e-5), in[0], in[1], in[2], mean, variance)[0], random(11, 3, 2, 2, 2), random(12, 2), random(13, 2)));
        samples.put("layer norm", first(new LayerNorm(Shape.of(2, 3), 1e-5), random(15, 2, 2, 3), random(16, 2, 3),
                random(17, 2, 3)));
        samples.put("layer norm, plain", first(new LayerNorm(Shape.of(3), 1e-5), random(15, 2, 2, 3)));
        samples.put("softmax", first(new Softmax(1), random(18, 2, 3, 2)));
        samples.put("log softmax", first(new LogSoftmax(-1), random(18, 2, 3)));
        Tensor classes = Tensors.of(new long[] {2, -100, 0, 1}, 4);
        Tensor weights = Tensors.of(new double[] {0.5, 1.5, 2}, 3);
        samples.put("cross entropy", new Sample(in -> Dispatch.apply(new CrossEntropy(Reduction.MEAN, -100, 0), in[0],
                classes), random(19, 4, 3)));
        samples.put("cross entropy, weighted, smoothed", new Sample(in -> Dispatch.apply(new CrossEntropy(
                Reduction.MEAN, -100, 0.1), in[0], classes, weights), random(19, 4, 3)));
        samples.put("cross entropy, not reduced", new Sample(in -> Dispatch.apply(new CrossEntropy(Reduction.NONE, -100,
                0.1), in[0], classes, weights), random(19, 4, 3)));
        samples.put("dropout", first(new Dropout(0.4, 7), random(20, 3, 4)));
        Tensor index = Tensors.of(new long[] {0, 2, 2, 1}, 2, 2);
        samples.put("gather", new Sample(in -> Dispatch.apply(new Gather(1), in[0], index), random(21, 2, 3)));
        samples.put("scatter add", new Sample(in -> Dispatch.apply(new ScatterAdd(1), in[0], index, in[1]),
                random(21, 2, 3), random(22, 2, 2)));
        samples.put("max along a dimension", first(new MaxDim(true, 1, false), random(23, 3, 4)));
        return samples;
    }

    /** Squared, so that second derivatives are more than zero where the operator is linear. */
    private static Function<Tensor[], Tensor> squared(Sample sample) {
        return in -> sample.function().apply(in).square();
    }

    @TestFactory
    Stream<DynamicTest> firstDerivatives() {
        return samples().entrySet().stream().map(each -> DynamicTest.dynamicTest(each.getKey(), () ->
                GradCheck.DEFAULT.check(each.getValue().function(), each.getValue().inputs())));
    }

    @TestFactory
    Stream<DynamicTest> secondDerivatives() {
        return samples().entrySet().stream().map(each -> DynamicTest.dynamicTest(each.getKey(), () ->
                GradCheck.DEFAULT.checkSecondOrder(squared(each.getValue()), each.getValue().inputs())));
    }
}
