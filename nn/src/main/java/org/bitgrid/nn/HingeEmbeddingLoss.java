package org.bitgrid.nn;

import org.bitgrid.tensor.Tensor;

/** x where y is 1, max(0, margin - x) where y is -1; x and y of one shape. */
public final class HingeEmbeddingLoss extends Loss<HingeEmbeddingLoss> {
    private double margin = 1;

    /** How far apart what does not belong together should be; 1 by default. Returns this. */
    public HingeEmbeddingLoss margin(double value) {
        checkNotBuilt("margin");
        margin = value;
        return this;
    }

    @Override
    HingeEmbeddingLoss self() {
        return this;
    }

    @Override
    protected Tensor forward(Tensor x, Tensor y) {
        return F.hingeEmbeddingLoss(x, y, margin, reduction());
    }
}
