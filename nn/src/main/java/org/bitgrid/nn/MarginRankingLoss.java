package org.bitgrid.nn;

import org.bitgrid.tensor.Tensor;

/** max(0, -y · (first - second) + margin), all of one shape, y of 1 and -1. */
public final class MarginRankingLoss extends Loss<MarginRankingLoss> {
    private double margin;

    /** How far ahead the one that should be should be; 0 by default. Returns this. */
    public MarginRankingLoss margin(double value) {
        checkNotBuilt("margin");
        margin = value;
        return this;
    }

    @Override
    MarginRankingLoss self() {
        return this;
    }

    @Override
    protected Tensor forward(Tensor first, Tensor second, Tensor y) {
        return F.marginRankingLoss(first, second, y, margin, reduction());
    }
}
