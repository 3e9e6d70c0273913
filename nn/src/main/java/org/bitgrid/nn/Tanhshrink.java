package org.bitgrid.nn;

import org.bitgrid.tensor.Tensor;

/** x - tanh(x), element by element. */
public final class Tanhshrink extends Module {
    @Override
    protected Tensor forward(Tensor x) {
        return F.tanhshrink(x);
    }
}
