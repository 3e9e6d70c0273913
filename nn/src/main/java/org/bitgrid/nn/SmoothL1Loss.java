package org.bitgrid.nn;

import org.bitgrid.tensor.Tensor;

/** d² / (2·beta) where |d| &lt; beta, else |d| - beta / 2, with d = x - target. */
public final class SmoothL1Loss extends Loss<SmoothL1Loss> {
    private double beta = 1;

    /** Where the square becomes a line; 1 by default. Returns this. */
    public SmoothL1Loss beta(double value) {
        checkNotBuilt("beta");
        beta = value;
        return this;
    }

    @Override
    SmoothL1Loss self() {
        return this;
    }

    @Override
    protected Tensor forward(Tensor x, Tensor target) {
        return F.smoothL1Loss(x, target, beta, reduction());
    }
}
