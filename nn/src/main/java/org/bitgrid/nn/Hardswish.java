package org.bitgrid.nn;

import org.bitgrid.tensor.Tensor;

/** x · relu6(x + 3) / 6, element by element (Howard et al., 2019). */
public final class Hardswish extends Module {
    @Override
    protected Tensor forward(Tensor x) {
        return F.hardswish(x);
    }
}
