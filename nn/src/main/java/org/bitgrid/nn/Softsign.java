package org.bitgrid.nn;

import org.bitgrid.tensor.Tensor;

/** x / (1 + |x|), element by element. */
public final class Softsign extends Module {
    @Override
    protected Tensor forward(Tensor x) {
        return F.softsign(x);
    }
}
