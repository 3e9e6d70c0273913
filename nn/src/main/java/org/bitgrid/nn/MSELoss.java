package org.bitgrid.nn;

import org.bitgrid.tensor.Tensor;

/** Mean squared error: (x - target)², both of one shape. */
public final class MSELoss extends Loss<MSELoss> {
    @Override
    MSELoss self() {
        return this;
    }

    @Override
    protected Tensor forward(Tensor x, Tensor target) {
        return F.mseLoss(x, target, reduction());
    }
}
