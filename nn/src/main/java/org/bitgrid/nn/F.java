package org.bitgrid.nn;

import java.util.Arrays;
import java.util.List;
import org.bitgrid.tensor.Dispatch;
import org.bitgrid.tensor.Rng;
import org.bitgrid.tensor.Shape;
import org.bitgrid.tensor.ShapeException;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.op.AdaptiveAvgPool2d;
import org.bitgrid.tensor.op.AvgPool2d;
import org.bitgrid.tensor.op.BatchNorm;
import org.bitgrid.tensor.op.Cat;
import org.bitgrid.tensor.op.Conv1d;
import org.bitgrid.tensor.op.Conv2d;
import org.bitgrid.tensor.op.ConvTranspose2d;
import org.bitgrid.tensor.op.CrossEntropy;
import org.bitgrid.tensor.op.CtcLoss;
import org.bitgrid.tensor.op.Dropout;
import org.bitgrid.tensor.op.Embedding;
import org.bitgrid.tensor.op.Flatten;
import org.bitgrid.tensor.op.GroupNorm;
import org.bitgrid.tensor.op.Interpolate;
import org.bitgrid.tensor.op.LayerNorm;
import org.bitgrid.tensor.op.Linear;
import org.bitgrid.tensor.op.MatMul;
import org.bitgrid.tensor.op.MaxPool2d;
import org.bitgrid.tensor.op.OneHot;
import org.bitgrid.tensor.op.Op;
import org.bitgrid.tensor.op.Pad;
import org.bitgrid.tensor.op.PixelShuffle;
import org.bitgrid.tensor.op.Pointwise2;
import org.bitgrid.tensor.op.PointwiseScalar;
import org.bitgrid.tensor.op.Reduction;
import org.bitgrid.tensor.op.RmsNorm;
import org.bitgrid.tensor.op.ScaledDotProductAttention;
import org.bitgrid.tensor.op.Window2d;

/**
 * Operators in their functional form, as PyTorch's {@code torch.nn.functional} has them. A traced graph shows
 * {@code F.relu(x)} as a function call and {@code x.relu()} as a method call; they compute the same.
 */
public final class F extends WindowFunctions {
    private F() {
    }

    private static Tensor binary(Pointwise2.Kind kind, Tensor a, Tensor b) {
        return Dispatch.function(new Pointwise2(kind), a, b);
    }

    /** Runs an operator on the tensors that are not null, which must not stand behind one that is. */
    static Tensor[] withOptional(Op op, Tensor... inputs) {
        int count = inputs.length;
        while (count > 0 && inputs[count - 1] == null) {
            count--;
        }
        return Dispatch.functionAll(op, Arrays.copyOf(inputs, count));
    }

    // ------------------------------------------------------------------ arithmetic

    /** a + b, broadcast. */
    public static Tensor add(Tensor a, Tensor b) {
        return binary(Pointwise2.Kind.ADD, a, b);
    }

    /** a - b, broadcast. */
    public static Tensor sub(Tensor a, Tensor b) {
        return binary(Pointwise2.Kind.SUB, a, b);
    }

    /** a · b, broadcast. */
    public static Tensor mul(Tensor a, Tensor b) {
        return binary(Pointwise2.Kind.MUL, a, b);
    }

    /** a / b, broadcast; integers give floats. */
    public static Tensor div(Tensor a, Tensor b) {
        return binary(Pointwise2.Kind.DIV, a, b);
    }

    /** (…, M, K) x (…, K, N) -> (…, M, N); leading dimensions are broadcast. */
    public static Tensor matmul(Tensor a, Tensor b) {
        return Dispatch.function(new MatMul(), a, b);
    }

    /** Joins tensors along {@code axis}; all other sizes must agree. */
    public static Tensor cat(List<Tensor> tensors, int axis) {
        return Cat.apply(axis, tensors);
    }

    /** All dimensions from {@code start} on joined into one. */
    public static Tensor flatten(Tensor x, int start) {
        return flatten(x, start, -1);
    }

    /** Dimensions {@code start} to {@code end}, inclusive, joined into one. */
    public static Tensor flatten(Tensor x, int start, int end) {
        return Dispatch.function(new Flatten(start, end), x);
    }

    // ------------------------------------------------------------------ layers

    /** x (…, I), weight (O, I), bias (O) or null -> (…, O): x · weightᵀ + bias. */
    public static Tensor linear(Tensor x, Tensor weight, Tensor bias) {
        return withOptional(new Linear(), x, weight, bias)[0];
    }

    /** {@link #conv2d(Tensor, Tensor, Tensor, int, int, int, int)} with stride 1, no padding, one group. */
    public static Tensor conv2d(Tensor x, Tensor weight, Tensor bias) {
        return conv2d(x, weight, bias, 1, 0, 1, 1);
    }

    /** x (N, C, H, W), weight (K, C/groups, R, S), bias (K) or null -> (N, K, Ho, Wo), the same for both dimensions. */
    public static Tensor conv2d(Tensor x, Tensor weight, Tensor bias, int stride, int padding, int dilation,
                                int groups) {
        Shape shape = weight.spec().shape();
        if (shape.rank() != 4) {
            throw new ShapeException("conv2d", "weight must have 4 dimensions; got " + shape);
        }
        return conv2d(x, weight, bias, new Window2d(shape.dim(2), shape.dim(3), stride, stride, padding, padding,
                dilation, dilation), groups);
    }

    /** x (N, C, H, W), weight (K, C/groups, R, S), bias (K) or null -> (N, K, Ho, Wo). */
    public static Tensor conv2d(Tensor x, Tensor weight, Tensor bias, Window2d window, int groups) {
        return withOptional(new Conv2d(window, groups), x, weight, bias)[0];
    }

    /** Largest element of each square window; stride as the kernel. */
    public static Tensor maxPool2d(Tensor x, int kernel) {
        return maxPool2d(x, kernel, kernel, 0);
    }

    /** Largest element of each square window. */
    public static Tensor maxPool2d(Tensor x, int kernel, int stride, int padding) {
        return maxPool2d(x, new Window2d(kernel, kernel, stride, stride, padding, padding, 1, 1), false);
    }

    /** x (N, C, H, W) -> largest element of each window (N, C, Ho, Wo). */
    public static Tensor maxPool2d(Tensor x, Window2d window, boolean ceilMode) {
        return Dispatch.functionAll(new MaxPool2d(window, ceilMode), x)[0];
    }

    /** Mean of each square window; stride as the kernel. */
    public static Tensor avgPool2d(Tensor x, int kernel) {
        return avgPool2d(x, kernel, kernel, 0);
    }

    /** Mean of each square window, padding counted. */
    public static Tensor avgPool2d(Tensor x, int kernel, int stride, int padding) {
        return avgPool2d(x, new Window2d(kernel, kernel, stride, stride, padding, padding, 1, 1), false, true, 0);
    }

    /**
     * x (N, C, H, W) -> mean of each window (N, C, Ho, Wo).
     *
     * @param divisorOverride what sums are divided by, 0 for the number of elements
     */
    public static Tensor avgPool2d(Tensor x, Window2d window, boolean ceilMode, boolean countIncludePad,
                                   int divisorOverride) {
        return Dispatch.function(new AvgPool2d(window, ceilMode, countIncludePad, divisorOverride), x);
    }

    /** x (N, C, H, W) -> means over windows chosen so that the output is (N, C, height, width). */
    public static Tensor adaptiveAvgPool2d(Tensor x, int height, int width) {
        return Dispatch.function(new AdaptiveAvgPool2d(height, width), x);
    }

    /**
     * Normalises each channel of x (N, C, …), with the running statistics; the training form, which also updates them,
     * is what the layers {@link BatchNorm1d} and {@link BatchNorm2d} do.
     */
    public static Tensor batchNorm(Tensor x, Tensor runningMean, Tensor runningVar, Tensor weight, Tensor bias,
                                   double epsilon) {
        BatchNorm op = new BatchNorm(false, weight != null, true, 0, epsilon);
        return weight == null ? Dispatch.function(op, x, runningMean, runningVar)
                : Dispatch.function(op, x, weight, bias, runningMean, runningVar);
    }

    /** Normalises each sample over its trailing dimensions; weight and bias have their shape, or are null. */
    public static Tensor layerNorm(Tensor x, Shape normalized, Tensor weight, Tensor bias, double epsilon) {
        return withOptional(new LayerNorm(normalized, epsilon), x, weight, bias)[0];
    }

    /** Drops elements with this probability and scales the others up; draws from this thread's generator. */
    public static Tensor dropout(Tensor x, double probability, boolean training) {
        return dropout(x, probability, training, Rng.current());
    }

    /** Drops elements with this probability and scales the others up, when training. */
    public static Tensor dropout(Tensor x, double probability, boolean training, Rng rng) {
        if (!training) {
            return x;
        }
        // A tensor without elements must not use up random numbers: tracing leaves generators as they are.
        long seed = x.device().isMeta() ? 0 : rng.nextLong();
        return Dispatch.function(new Dropout(probability, seed), x);
    }

    /** x (N, C, L), weight (K, C/groups, R), bias (K) or null -> (N, K, Lo). */
    public static Tensor conv1d(Tensor x, Tensor weight, Tensor bias, int stride, int padding, int dilation,
                                int groups) {
        return withOptional(new Conv1d(stride, padding, dilation, groups), x, weight, bias)[0];
    }

    /** x (N, C, H, W), weight (C, K/groups, R, S), bias (K) or null -> (N, K, Ho, Wo). */
    public static Tensor convTranspose2d(Tensor x, Tensor weight, Tensor bias, Window2d window, int outputPaddingH,
                                         int outputPaddingW, int groups) {
        return withOptional(new ConvTranspose2d(window, outputPaddingH, outputPaddingW, groups), x, weight, bias)[0];
    }

    /** Normalises the channels of each group together; weight and bias (C), or null. */
    public static Tensor groupNorm(Tensor x, int groups, Tensor weight, Tensor bias, double epsilon) {
        return withOptional(new GroupNorm(groups, epsilon, false), x, weight, bias)[0];
    }

    /** Normalises each channel of each sample by itself; weight and bias (C), or null. */
    public static Tensor instanceNorm(Tensor x, Tensor weight, Tensor bias, double epsilon) {
        return withOptional(new GroupNorm(1, epsilon, true), x, weight, bias)[0];
    }

    /** Divides by the root mean square over the trailing dimensions; weight of their shape, or null. */
    public static Tensor rmsNorm(Tensor x, Shape normalized, Tensor weight, double epsilon) {
        return withOptional(new RmsNorm(normalized, epsilon), x, weight)[0];
    }

    /** Rows (…, E) of weight (V, E). {@code paddingIndex} is a row that gets no gradient, or -1. */
    public static Tensor embedding(Tensor indices, Tensor weight, int paddingIndex) {
        return Dispatch.function(new Embedding(paddingIndex), weight, indices);
    }

    /** x (N, C, H, W) -> the same image at another size. */
    public static Tensor interpolate(Tensor x, int height, int width, Interpolate.Mode mode, boolean alignCorners) {
        return Dispatch.function(new Interpolate(height, width, mode, alignCorners), x);
    }

    /** Elements added before and after the last dimension, the one before it, …; the value is for constants. */
    public static Tensor pad(Tensor x, List<Integer> sizes, Pad.Mode mode, double value) {
        return Dispatch.function(new Pad(sizes, mode, value), x);
    }

    /** (…, C·r², H, W) -> (…, C, H·r, W·r). */
    public static Tensor pixelShuffle(Tensor x, int factor) {
        return Dispatch.function(new PixelShuffle(factor, false), x);
    }

    /** (…, C, H·r, W·r) -> (…, C·r², H, W). */
    public static Tensor pixelUnshuffle(Tensor x, int factor) {
        return Dispatch.function(new PixelShuffle(factor, true), x);
    }

    /** Classes (…) -> (…, classes) INT64, 1 at the class and 0 elsewhere. */
    public static Tensor oneHot(Tensor indices, int classes) {
        return Dispatch.function(new OneHot(classes), indices);
    }

    // ------------------------------------------------------------------ losses

    /** Mean cross entropy of logits (N, C) against classes (N), as {@link CrossEntropyLoss}. */
    public static Tensor crossEntropy(Tensor logits, Tensor target) {
        return crossEntropy(logits, target, null, CrossEntropy.IGNORE_INDEX, Reduction.MEAN, 0);
    }

    /**
     * Cross entropy of the softmax of logits (C), (N, C) or (N, C, …) against class indices (without the dimension C),
     * or against probabilities of the logits' shape.
     *
     * @param weight         of each class (C), or null
     * @param ignoreIndex    class that counts for nothing
     * @param labelSmoothing how much of the target is spread over all classes, 0 to 1
     */
    public static Tensor crossEntropy(Tensor logits, Tensor target, Tensor weight, long ignoreIndex,
                                      Reduction reduction, double labelSmoothing) {
        if (target.dtype().isFloating()) {
            return Losses.crossEntropyOfProbabilities(logits, target, weight, reduction, labelSmoothing);
        }
        return withOptional(new CrossEntropy(reduction, ignoreIndex, labelSmoothing), logits, target, weight)[0];
    }

    /** (x - target)², reduced. */
    public static Tensor mseLoss(Tensor x, Tensor target, Reduction reduction) {
        return RegressionLosses.mse(x, target, reduction);
    }

    /** |x - target|, reduced. */
    public static Tensor l1Loss(Tensor x, Tensor target, Reduction reduction) {
        return RegressionLosses.l1(x, target, reduction);
    }

    /** {@link SmoothL1Loss}. */
    public static Tensor smoothL1Loss(Tensor x, Tensor target, double beta, Reduction reduction) {
        return RegressionLosses.smoothL1(x, target, beta, reduction);
    }

    /** {@link HuberLoss}. */
    public static Tensor huberLoss(Tensor x, Tensor target, double delta, Reduction reduction) {
        return RegressionLosses.huber(x, target, delta, reduction);
    }

    /** {@link BCELoss}; the weight is broadcast to the losses, null for none. */
    public static Tensor binaryCrossEntropy(Tensor x, Tensor target, Tensor weight, Reduction reduction) {
        return ProbabilityLosses.bce(x, target, weight, reduction);
    }

    /** {@link BCEWithLogitsLoss}; the weights are broadcast to the losses, null for none. */
    public static Tensor binaryCrossEntropyWithLogits(Tensor x, Tensor target, Tensor weight, Tensor positiveWeight,
                                                      Reduction reduction) {
        return ProbabilityLosses.bceWithLogits(x, target, weight, positiveWeight, reduction);
    }

    /** {@link KLDivLoss} of log probabilities x. */
    public static Tensor klDiv(Tensor x, Tensor target, boolean logTarget, Reduction reduction) {
        return reduction.of(ProbabilityLosses.klDiv(x, target, logTarget));
    }

    /** {@link KLDivLoss} of log probabilities x, summed and divided by the batch size: the divergence proper. */
    public static Tensor klDivBatchMean(Tensor x, Tensor target, boolean logTarget) {
        return ProbabilityLosses.batchMean(ProbabilityLosses.klDiv(x, target, logTarget));
    }

    /** {@link NLLLoss} of log probabilities (N, C, …); class weights (C), or null for none. */
    public static Tensor nllLoss(Tensor x, Tensor target, Tensor weight, long ignoreIndex, Reduction reduction) {
        return ProbabilityLosses.nll(x, target, weight, ignoreIndex, reduction);
    }

    /** {@link CosineEmbeddingLoss}. */
    public static Tensor cosineEmbeddingLoss(Tensor a, Tensor b, Tensor y, double margin, Reduction reduction) {
        return DistanceLosses.cosineEmbedding(a, b, y, margin, reduction);
    }

    /** {@link TripletMarginLoss}. */
    public static Tensor tripletMarginLoss(Tensor anchor, Tensor positive, Tensor negative, double margin, double p,
                                           double epsilon, boolean swap, Reduction reduction) {
        return DistanceLosses.tripletMargin(anchor, positive, negative, margin, p, epsilon, swap, reduction);
    }

    /** {@link HingeEmbeddingLoss}. */
    public static Tensor hingeEmbeddingLoss(Tensor x, Tensor y, double margin, Reduction reduction) {
        return DistanceLosses.hingeEmbedding(x, y, margin, reduction);
    }

    /** {@link MarginRankingLoss}. */
    public static Tensor marginRankingLoss(Tensor first, Tensor second, Tensor y, double margin,
                                           Reduction reduction) {
        return DistanceLosses.marginRanking(first, second, y, margin, reduction);
    }

    /** {@link CTCLoss}; lengths (N) of inputs and targets. */
    public static Tensor ctcLoss(Tensor logProbabilities, Tensor targets, Tensor inputLengths, Tensor targetLengths,
                                 long blank, Reduction reduction, boolean zeroInfinity) {
        Tensor losses = Dispatch.function(new CtcLoss(blank, zeroInfinity), logProbabilities, targets, inputLengths,
                targetLengths);
        return reduction != Reduction.MEAN ? reduction.of(losses) : losses.div(PointwiseScalar.apply(
                Pointwise2.Kind.MAXIMUM, targetLengths, 1L).to(losses.dtype())).mean();
    }

    // ------------------------------------------------------------------ attention

    /**
     * query (…, L, E), key (…, S, E), value (…, S, Ev) -> (…, L, Ev): softmax(query · keyᵀ / √E + mask) · value.
     *
     * @param mask    that broadcasts to (…, L, S): BOOL, who takes part, or numbers to add; or null
     * @param dropout probability with which a weight is dropped, 0 in evaluation
     * @param causal  whether row i sees only columns 0 to i; not together with a mask
     */
    public static Tensor scaledDotProductAttention(Tensor query, Tensor key, Tensor value, Tensor mask,
                                                   double dropout, boolean causal) {
        long seed = dropout == 0 || query.device().isMeta() ? 0 : Rng.current().nextLong();
        ScaledDotProductAttention op = new ScaledDotProductAttention(causal, 0, dropout, seed);
        return mask == null ? Dispatch.function(op, query, key, value)
                : Dispatch.function(op, query, key, value, mask);
    }
}
