package org.bitgrid.nn;

import org.bitgrid.tensor.Tensor;

/** 1 / (1 + exp(-x)), element by element. */
public final class Sigmoid extends Module {
    @Override
    protected Tensor forward(Tensor x) {
        return F.sigmoid(x);
    }
}
