package org.bitgrid.nn;

import org.bitgrid.tensor.Tensor;

/** d² / 2 where |d| &lt;= delta, else delta · (|d| - delta / 2), with d = x - target (Huber, 1964). */
public final class HuberLoss extends Loss<HuberLoss> {
    private double delta = 1;

    /** Where the square becomes a line; 1 by default. Returns this. */
    public HuberLoss delta(double value) {
        checkNotBuilt("delta");
        delta = value;
        return this;
    }

    @Override
    HuberLoss self() {
        return this;
    }

    @Override
    protected Tensor forward(Tensor x, Tensor target) {
        return F.huberLoss(x, target, delta, reduction());
    }
}
