package org.bitgrid.nn;

import org.bitgrid.tensor.Tensor;

/** Binary cross entropy of sigmoid(x) against target, both of one shape, computed so that nothing overflows. */
public final class BCEWithLogitsLoss extends Loss<BCEWithLogitsLoss> {
    private Tensor elementWeights;
    private Tensor positiveWeights;

    /** Weight of each element, broadcast to the losses; a buffer {@code weight}. Returns this. */
    public BCEWithLogitsLoss weight(Tensor weight) {
        checkNotBuilt("weight");
        elementWeights = weight;
        return this;
    }

    /** Weight of positive targets, one for each class; a buffer {@code pos_weight}. Returns this. */
    public BCEWithLogitsLoss positiveWeight(Tensor weight) {
        checkNotBuilt("positiveWeight");
        positiveWeights = weight;
        return this;
    }

    @Override
    BCEWithLogitsLoss self() {
        return this;
    }

    @Override
    protected void build() {
        if (elementWeights != null) {
            addBuffer("weight", new Buffer(elementWeights));
        }
        if (positiveWeights != null) {
            addBuffer("pos_weight", new Buffer(positiveWeights));
        }
    }

    @Override
    protected Tensor forward(Tensor x, Tensor target) {
        Buffer weight = ownBuffers().get("weight");
        Buffer positive = ownBuffers().get("pos_weight");
        return F.binaryCrossEntropyWithLogits(x, target, weight == null ? null : weight.tensor(),
                positive == null ? null : positive.tensor(), reduction());
    }
}
