package org.bitgrid.nn;

import org.bitgrid.tensor.Tensor;

/** The self-normalising exponential linear unit (Klambauer et al., 2017), element by element. */
public final class SELU extends Module {
    @Override
    protected Tensor forward(Tensor x) {
        return F.selu(x);
    }
}
