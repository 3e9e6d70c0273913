package org.bitgrid.nn;

import org.bitgrid.tensor.Tensor;

/** a, b (N, D) or (D), y (N) or () of 1 and -1: 1 - cos(a, b) where y is 1, max(0, cos(a, b) - margin) where -1. */
public final class CosineEmbeddingLoss extends Loss<CosineEmbeddingLoss> {
    private double margin;

    /** How large the cosine may be of what does not belong together; 0 by default. Returns this. */
    public CosineEmbeddingLoss margin(double value) {
        checkNotBuilt("margin");
        margin = value;
        return this;
    }

    @Override
    CosineEmbeddingLoss self() {
        return this;
    }

    @Override
    protected Tensor forward(Tensor a, Tensor b, Tensor y) {
        return F.cosineEmbeddingLoss(a, b, y, margin, reduction());
    }
}
