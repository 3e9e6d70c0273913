package org.bitgrid.nn;

import org.bitgrid.tensor.Tensor;

/** The logarithm of the softmax along a dimension. */
public final class LogSoftmax extends Module {
    private final int dim;

    public LogSoftmax(int dim) {
        this.dim = dim;
    }

    /** The dimension along which numbers compete. */
    public int dim() {
        return dim;
    }

    @Override
    protected Tensor forward(Tensor x) {
        return F.logSoftmax(x, dim);
    }

    @Override
    protected String extraRepr() {
        return "dim=" + dim;
    }
}
