package org.bitgrid.nn;

import org.bitgrid.tensor.Check;
import org.bitgrid.tensor.Tensor;

/** exp(x) over its sum along the channels of x (N, C, H, W). */
public final class Softmax2d extends Module {
    @Override
    protected Tensor forward(Tensor x) {
        Check.rank("Softmax2d", "input", x.spec(), 4);
        return F.softmax(x, 1);
    }
}
