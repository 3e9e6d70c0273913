package org.bitgrid.nn;

import org.bitgrid.tensor.Tensor;

/** exp(-x) over its sum along a dimension. */
public final class Softmin extends Module {
    private final int dim;

    public Softmin(int dim) {
        this.dim = dim;
    }

    /** The dimension along which numbers compete. */
    public int dim() {
        return dim;
    }

    @Override
    protected Tensor forward(Tensor x) {
        return F.softmin(x, dim);
    }

    @Override
    protected String extraRepr() {
        return "dim=" + dim;
    }
}
