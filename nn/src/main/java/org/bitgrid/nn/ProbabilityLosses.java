package org.bitgrid.nn;

import java.util.Arrays;
import org.bitgrid.tensor.Check;
import org.bitgrid.tensor.DType;
import org.bitgrid.tensor.DTypeException;
import org.bitgrid.tensor.Dispatch;
import org.bitgrid.tensor.Shape;
import org.bitgrid.tensor.ShapeException;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.op.BinaryCrossEntropy;
import org.bitgrid.tensor.op.CrossEntropy;
import org.bitgrid.tensor.op.Gather;
import org.bitgrid.tensor.op.Reduction;
import org.bitgrid.tensor.op.Where;

/** Losses that compare probabilities. */
final class ProbabilityLosses {
    private ProbabilityLosses() {
    }

    /** -(y · log x + (1 - y) · log(1 - x)), each logarithm at least -100. */
    static Tensor bce(Tensor x, Tensor target, Tensor weight, Reduction reduction) {
        RegressionLosses.checkPair("binary_cross_entropy", x, target);
        return reduction.of(weighted(Dispatch.function(new BinaryCrossEntropy(), x, target), weight));
    }

    /** (1 - y) · x + (1 + (p - 1) · y) · (log(1 + exp(-|x|)) + max(-x, 0)), with p = positiveWeight, else 1. */
    static Tensor bceWithLogits(Tensor x, Tensor target, Tensor weight, Tensor positiveWeight, Reduction reduction) {
        RegressionLosses.checkPair("binary_cross_entropy_with_logits", x, target);
        // log(1 + exp(-|x|)) + max(-x, 0) is -log sigmoid(x) without overflow.
        Tensor negativeLog = x.abs().neg().exp().add(1.0).log().add(x.neg().relu());
        if (positiveWeight != null) {
            negativeLog = positiveWeight.sub(1.0).mul(target).add(1.0).mul(negativeLog);
        }
        return reduction.of(weighted(target.neg().add(1.0).mul(x).add(negativeLog), weight));
    }

    private static Tensor weighted(Tensor losses, Tensor weight) {
        return weight == null ? losses : losses.mul(weight);
    }

    /** target · (log target - x), 0 where the target is 0; exp(target) · (target - x) when it is a logarithm. */
    static Tensor klDiv(Tensor x, Tensor target, boolean logTarget) {
        RegressionLosses.checkPair("kl_div", x, target);
        if (logTarget) {
            return target.exp().mul(target.sub(x));
        }
        Tensor zero = RegressionLosses.zero(target);
        Tensor positive = target.gt(0.0);
        // The logarithm of a stand-in: a NaN or infinity in the branch not taken would spoil the gradient.
        Tensor safe = Where.apply(positive, target, zero.add(1.0));
        return Where.apply(positive, target.mul(safe.log()), zero).sub(target.mul(x));
    }

    /** The sum over all elements by the size of the first dimension: the divergence of one sample. */
    static Tensor batchMean(Tensor losses) {
        Shape shape = losses.spec().shape();
        if (shape.rank() == 0) {
            throw new ShapeException("kl_div", "batchMean needs a batch dimension; got " + shape);
        }
        return losses.sum().div((double) shape.dim(0));
    }

    /**
     * -weight[target] · x[target]; the mean divides by the sum of the weights used. Log probabilities (C), (N, C) or
     * (N, C, …), target without the dimension C.
     */
    static Tensor nll(Tensor x, Tensor target, Tensor weight, long ignoreIndex, Reduction reduction) {
        Shape shape = x.spec().shape();
        Check.floating("nll_loss", "input", x.spec());
        if (!target.dtype().isInteger()) {
            throw new DTypeException("nll_loss", "target must hold class indices (int64 or int32); got "
                    + target.dtype());
        }
        int axis = CrossEntropy.classAxis(shape);
        Check.shape("nll_loss", "target", target.spec(), shape.without(axis));
        Tensor classes = target.to(DType.INT64);
        Tensor counts = classes.ne((double) ignoreIndex);
        Tensor index = classes.mul(counts.to(DType.INT64)).unsqueeze(axis);
        Tensor used = counts.to(x.dtype());
        if (weight != null) {
            Check.shape("nll_loss", "weight", weight.spec(), Shape.of(shape.dim(axis)));
            int[] dims = new int[shape.rank()];
            Arrays.fill(dims, 1);
            dims[axis] = shape.dim(axis);
            Tensor perElement = weight.reshape(dims).expand(shape.toArray());
            used = used.mul(Dispatch.apply(new Gather(axis), perElement, index).squeeze(axis));
        }
        Tensor losses = Dispatch.apply(new Gather(axis), x, index).squeeze(axis).mul(used).neg();
        return reduction == Reduction.MEAN ? losses.sum().div(used.sum()) : reduction.of(losses);
    }
}
