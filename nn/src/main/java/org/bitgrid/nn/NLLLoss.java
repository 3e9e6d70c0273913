package org.bitgrid.nn;

import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.op.CrossEntropy;

/**
 * Negative log likelihood of log probabilities (C), (N, C) or (N, C, …) under class indices (without dimension C).
 * The mean divides by the sum of the weights that were used.
 */
public final class NLLLoss extends Loss<NLLLoss> {
    private Tensor classWeights;
    private long ignoreIndex = CrossEntropy.IGNORE_INDEX;

    /** Weight of each class (C); a buffer {@code weight}. Returns this. */
    public NLLLoss weight(Tensor weight) {
        checkNotBuilt("weight");
        classWeights = weight;
        return this;
    }

    /** Class that counts for nothing; -100 by default. Returns this. */
    public NLLLoss ignoreIndex(long index) {
        checkNotBuilt("ignoreIndex");
        ignoreIndex = index;
        return this;
    }

    @Override
    NLLLoss self() {
        return this;
    }

    @Override
    protected void build() {
        if (classWeights != null) {
            addBuffer("weight", new Buffer(classWeights));
        }
    }

    @Override
    protected Tensor forward(Tensor x, Tensor target) {
        Buffer weight = ownBuffers().get("weight");
        return F.nllLoss(x, target, weight == null ? null : weight.tensor(), ignoreIndex, reduction());
    }
}
