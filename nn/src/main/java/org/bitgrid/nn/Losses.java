package org.bitgrid.nn;

import java.util.Arrays;
import org.bitgrid.tensor.Check;
import org.bitgrid.tensor.Shape;
import org.bitgrid.tensor.ShapeException;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.op.CrossEntropy;
import org.bitgrid.tensor.op.Reduction;

/** Losses that are made of other operators. */
final class Losses {
    private Losses() {
    }

    /** Sum over classes of -target · log softmax · weight; the mean divides by the number of samples. */
    static Tensor crossEntropyOfProbabilities(Tensor logits, Tensor target, Tensor weight, Reduction reduction,
                                              double labelSmoothing) {
        Shape shape = logits.spec().shape();
        Check.shape("cross_entropy", "target of probabilities", target.spec(), shape);
        if (!(labelSmoothing >= 0 && labelSmoothing <= 1)) {
            throw new ShapeException("cross_entropy", "label smoothing must lie in [0, 1]; got " + labelSmoothing);
        }
        int axis = CrossEntropy.classAxis(shape);
        int classes = shape.dim(axis);
        Tensor wanted = labelSmoothing == 0 ? target
                : target.mul(1 - labelSmoothing).add(labelSmoothing / classes);
        if (weight != null) {
            int[] dims = new int[shape.rank()];
            Arrays.fill(dims, 1);
            dims[axis] = classes;
            wanted = wanted.mul(weight.reshape(dims));
        }
        Tensor losses = F.logSoftmax(logits, axis).mul(wanted).sum(axis).neg();
        return reduction.of(losses);
    }
}
