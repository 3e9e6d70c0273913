package org.bitgrid.nn;

import org.bitgrid.tensor.Tensor;

/** x · sigmoid(x), element by element. */
public final class SiLU extends Module {
    @Override
    protected Tensor forward(Tensor x) {
        return F.silu(x);
    }
}
