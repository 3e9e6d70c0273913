package org.bitgrid.nn;

import org.bitgrid.tensor.Tensor;

/** x · tanh(log(1 + exp(x))), element by element (Misra, 2019). */
public final class Mish extends Module {
    @Override
    protected Tensor forward(Tensor x) {
        return F.mish(x);
    }
}
