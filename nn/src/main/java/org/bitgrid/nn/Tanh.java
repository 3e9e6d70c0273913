package org.bitgrid.nn;

import org.bitgrid.tensor.Tensor;

/** Hyperbolic tangent, element by element. */
public final class Tanh extends Module {
    @Override
    protected Tensor forward(Tensor x) {
        return F.tanh(x);
    }
}
