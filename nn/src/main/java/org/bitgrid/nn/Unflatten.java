package org.bitgrid.nn;

import org.bitgrid.tensor.ShapeException;
import org.bitgrid.tensor.Tensor;

/** One dimension cut into several: the opposite of {@link Flatten}. One of the sizes may be -1. */
public final class Unflatten extends Module {
    private final int dim;
    private final int[] sizes;

    public Unflatten(int dim, int... sizes) {
        if (sizes.length == 0) {
            throw new ShapeException("Unflatten", "needs at least one size; got none");
        }
        this.dim = dim;
        this.sizes = sizes.clone();
    }

    @Override
    protected Tensor forward(Tensor x) {
        return x.unflatten(dim, sizes);
    }

    @Override
    protected String extraRepr() {
        return "dim=" + dim + ", unflattened_size=" + PythonText.tuple(sizes);
    }
}
