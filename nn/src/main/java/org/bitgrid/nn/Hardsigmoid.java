package org.bitgrid.nn;

import org.bitgrid.tensor.Tensor;

/** relu6(x + 3) / 6, element by element. */
public final class Hardsigmoid extends Module {
    @Override
    protected Tensor forward(Tensor x) {
        return F.hardsigmoid(x);
    }
}
