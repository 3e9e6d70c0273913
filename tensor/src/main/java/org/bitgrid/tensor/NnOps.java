package org.bitgrid.tensor;

import org.bitgrid.tensor.op.AdaptiveAvgPool2d;
import org.bitgrid.tensor.op.AvgPool2d;
import org.bitgrid.tensor.op.BatchNorm;
import org.bitgrid.tensor.op.Conv2d;
import org.bitgrid.tensor.op.CrossEntropy;
import org.bitgrid.tensor.op.Dropout;
import org.bitgrid.tensor.op.LayerNorm;
import org.bitgrid.tensor.op.Linear;
import org.bitgrid.tensor.op.LogSoftmax;
import org.bitgrid.tensor.op.MatMul;
import org.bitgrid.tensor.op.MaxPool2d;
import org.bitgrid.tensor.op.Op;
import org.bitgrid.tensor.op.Reduction;
import org.bitgrid.tensor.op.Softmax;
import org.bitgrid.tensor.op.Window2d;

/**
 * Methods of {@link Tensor} that neural networks are made of. Those that PyTorch has as functions only count as
 * function calls in traced graphs.
 */
interface NnOps {
    private Tensor self() {
        return (Tensor) this;
    }

    /** (…, M, K) x (…, K, N) -> (…, M, N); leading dimensions are broadcast. */
    default Tensor matmul(Tensor other) {
        return Dispatch.apply(new MatMul(), self(), other);
    }

    /** (…, I), weight (O, I), bias (O) or null for none -> (…, O). */
    default Tensor linear(Tensor weight, Tensor bias) {
        return withOptional(new Linear(), weight, bias);
    }

    private Tensor withOptional(Op op, Tensor weight, Tensor bias) {
        return bias == null ? Dispatch.function(op, self(), weight) : Dispatch.function(op, self(), weight, bias);
    }

    /** (N, C, H, W), weight (K, C/groups, R, S), bias (K) or null for none -> (N, K, Ho, Wo). */
    default Tensor conv2d(Tensor weight, Tensor bias, int stride, int padding, int dilation, int groups) {
        return conv2d(weight, bias, new int[] {stride, stride}, new int[] {padding, padding},
                new int[] {dilation, dilation}, groups);
    }

    /** The same with (height, width) pairs. */
    default Tensor conv2d(Tensor weight, Tensor bias, int[] stride, int[] padding, int[] dilation, int groups) {
        Check.rank("conv2d", "weight", weight.spec(), 4);
        Shape kernel = weight.spec().shape();
        return withOptional(new Conv2d(new Window2d(kernel.dim(2), kernel.dim(3), stride[0], stride[1], padding[0],
                padding[1], dilation[0], dilation[1]), groups), weight, bias);
    }

    /** Largest element of each window; stride is the kernel size. */
    default Tensor maxPool2d(int kernel) {
        return maxPool2d(kernel, kernel, 0, 1, false);
    }

    /** Largest element of each window of (N, C, H, W). */
    default Tensor maxPool2d(int kernel, int stride, int padding, int dilation, boolean ceilMode) {
        return maxPool2d(new Window2d(kernel, kernel, stride, stride, padding, padding, dilation, dilation),
                ceilMode)[0];
    }

    /** Largest element of each window of (N, C, H, W), and its place h · W + w as INT64. */
    default Tensor[] maxPool2d(Window2d window, boolean ceilMode) {
        return Dispatch.functionAll(new MaxPool2d(window, ceilMode), self());
    }

    /** Mean of each window; stride is the kernel size. */
    default Tensor avgPool2d(int kernel) {
        return avgPool2d(kernel, kernel, 0, false, true);
    }

    /** Mean of each window of (N, C, H, W). */
    default Tensor avgPool2d(int kernel, int stride, int padding, boolean ceilMode, boolean countIncludePad) {
        return avgPool2d(new Window2d(kernel, kernel, stride, stride, padding, padding, 1, 1), ceilMode,
                countIncludePad, 0);
    }

    /** Mean of each window of (N, C, H, W); a divisor of 0 means the number of elements. */
    default Tensor avgPool2d(Window2d window, boolean ceilMode, boolean countIncludePad, int divisorOverride) {
        return Dispatch.function(new AvgPool2d(window, ceilMode, countIncludePad, divisorOverride), self());
    }

    /** (N, C, H, W) -> (N, C, outputH, outputW), means of windows that cover the input evenly. */
    default Tensor adaptiveAvgPool2d(int outputH, int outputW) {
        return Dispatch.function(new AdaptiveAvgPool2d(outputH, outputW), self());
    }

    /**
     * Batch normalisation of (N, C, …) in evaluation; weight and bias (C) are both given or both null.
     */
    default Tensor batchNorm(Tensor runningMean, Tensor runningVar, Tensor weight, Tensor bias, double epsilon) {
        BatchNorm op = new BatchNorm(false, weight != null, true, 0, epsilon);
        return weight == null ? Dispatch.function(op, self(), runningMean, runningVar)
                : Dispatch.function(op, self(), weight, bias, runningMean, runningVar);
    }

    /**
     * Batch normalisation of (N, C, …) in training; weight and bias are both given or both null, and so are the running
     * statistics.
     *
     * @return y, batch mean, 1 / sqrt(variance + epsilon), and when statistics were given the new running mean and new
     *     running variance, which the caller stores
     */
    default Tensor[] batchNormTraining(Tensor runningMean, Tensor runningVar, Tensor weight, Tensor bias,
                                       double momentum, double epsilon) {
        BatchNorm op = new BatchNorm(true, weight != null, runningMean != null, momentum, epsilon);
        if (runningMean == null) {
            return weight == null ? Dispatch.functionAll(op, self()) : Dispatch.functionAll(op, self(), weight, bias);
        }
        return weight == null ? Dispatch.functionAll(op, self(), runningMean, runningVar)
                : Dispatch.functionAll(op, self(), weight, bias, runningMean, runningVar);
    }

    /**
     * Layer normalisation over the trailing dimensions {@code normalized}; weight and bias of that shape, or null for
     * none (a bias needs a weight).
     */
    default Tensor layerNorm(Shape normalized, Tensor weight, Tensor bias, double epsilon) {
        LayerNorm op = new LayerNorm(normalized, epsilon);
        if (weight == null) {
            if (bias != null) {
                throw new ShapeException("layer_norm", "got a bias without a weight; pass a weight of ones");
            }
            return Dispatch.function(op, self());
        }
        return withOptional(op, weight, bias);
    }

    /** exp(x) / sum of exp(x) along a dimension. */
    default Tensor softmax(int axis) {
        return Dispatch.apply(new Softmax(axis), self());
    }

    /** log of softmax, without the loss of precision. */
    default Tensor logSoftmax(int axis) {
        return Dispatch.apply(new LogSoftmax(axis), self());
    }

    /** Mean cross entropy of logits (N, C, …) against class indices (N, …). */
    default Tensor crossEntropy(Tensor target) {
        return crossEntropy(target, null, Reduction.MEAN, CrossEntropy.IGNORE_INDEX, 0);
    }

    /** Cross entropy of logits (N, C, …) against class indices (N, …); class weights (C), or null for none. */
    default Tensor crossEntropy(Tensor target, Tensor weight, Reduction reduction, long ignoreIndex,
                                double labelSmoothing) {
        return withOptional(new CrossEntropy(reduction, ignoreIndex, labelSmoothing), target, weight);
    }

    /** Zeroes elements with this probability and scales the others up; unchanged when not training. */
    default Tensor dropout(double probability, boolean training, Rng rng) {
        return training ? Dispatch.function(new Dropout(probability, rng.nextLong()), self()) : self();
    }
}
