package org.bitgrid.nn;

import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.op.CrossEntropy;
import org.bitgrid.tensor.op.Reduction;

/**
 * Cross entropy of the softmax of logits (C), (N, C) or (N, C, …) against class indices (without the dimension C), or
 * against probabilities of the logits' shape. Call it with logits and target.
 */
public final class CrossEntropyLoss extends Module {
    private Tensor classWeights;
    private long ignoreIndex = CrossEntropy.IGNORE_INDEX;
    private Reduction reduction = Reduction.MEAN;
    private double labelSmoothing;

    /** Weight of each class (C); a buffer {@code weight}. Returns this. */
    public CrossEntropyLoss weight(Tensor weight) {
        checkNotBuilt("weight");
        classWeights = weight;
        return this;
    }

    /** Class that counts for nothing; -100 by default. Returns this. */
    public CrossEntropyLoss ignoreIndex(long index) {
        checkNotBuilt("ignoreIndex");
        ignoreIndex = index;
        return this;
    }

    /** How the losses of all targets become one number; the mean by default. Returns this. */
    public CrossEntropyLoss reduction(Reduction kind) {
        checkNotBuilt("reduction");
        reduction = kind;
        return this;
    }

    /** How much of the target is spread over all classes, 0 to 1; 0 by default. Returns this. */
    public CrossEntropyLoss labelSmoothing(double part) {
        checkNotBuilt("labelSmoothing");
        labelSmoothing = part;
        return this;
    }

    @Override
    protected void build() {
        if (classWeights != null) {
            addBuffer("weight", new Buffer(classWeights));
        }
    }

    @Override
    protected Tensor forward(Tensor logits, Tensor target) {
        Buffer weight = ownBuffers().get("weight");
        return F.crossEntropy(logits, target, weight == null ? null : weight.tensor(), ignoreIndex, reduction,
                labelSmoothing);
    }
}
