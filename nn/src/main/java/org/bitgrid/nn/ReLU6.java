package org.bitgrid.nn;

import org.bitgrid.tensor.Tensor;

/** min(max(x, 0), 6), element by element. */
public final class ReLU6 extends Module {
    @Override
    protected Tensor forward(Tensor x) {
        return F.relu6(x);
    }
}
