package org.bitgrid.nn;

import org.bitgrid.tensor.Tensor;

/** log(sigmoid(x)), element by element. */
public final class LogSigmoid extends Module {
    @Override
    protected Tensor forward(Tensor x) {
        return F.logSigmoid(x);
    }
}
