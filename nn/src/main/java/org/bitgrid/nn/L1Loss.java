package org.bitgrid.nn;

import org.bitgrid.tensor.Tensor;

/** Mean absolute error: |x - target|, both of one shape. */
public final class L1Loss extends Loss<L1Loss> {
    @Override
    L1Loss self() {
        return this;
    }

    @Override
    protected Tensor forward(Tensor x, Tensor target) {
        return F.l1Loss(x, target, reduction());
    }
}
