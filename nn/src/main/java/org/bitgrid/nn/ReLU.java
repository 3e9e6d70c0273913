package org.bitgrid.nn;

import org.bitgrid.tensor.Tensor;

/** max(x, 0), element by element. */
public final class ReLU extends Module {
    @Override
    protected Tensor forward(Tensor x) {
        return F.relu(x);
    }
}
