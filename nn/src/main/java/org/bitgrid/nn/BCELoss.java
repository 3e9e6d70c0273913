package org.bitgrid.nn;

import org.bitgrid.tensor.Tensor;

/**
 * Binary cross entropy of probabilities x against target, both of one shape:
 * -(target · log x + (1 - target) · log(1 - x)), each logarithm at least -100.
 */
public final class BCELoss extends Loss<BCELoss> {
    private Tensor elementWeights;

    /** Weight of each element, broadcast to the losses; a buffer {@code weight}. Returns this. */
    public BCELoss weight(Tensor weight) {
        checkNotBuilt("weight");
        elementWeights = weight;
        return this;
    }

    @Override
    BCELoss self() {
        return this;
    }

    @Override
    protected void build() {
        if (elementWeights != null) {
            addBuffer("weight", new Buffer(elementWeights));
        }
    }

    @Override
    protected Tensor forward(Tensor x, Tensor target) {
        Buffer weight = ownBuffers().get("weight");
        return F.binaryCrossEntropy(x, target, weight == null ? null : weight.tensor(), reduction());
    }
}
