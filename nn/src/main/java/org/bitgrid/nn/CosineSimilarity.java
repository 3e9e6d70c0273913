package org.bitgrid.nn;

import org.bitgrid.tensor.Tensor;

/** Two tensors -> cosine of the angle between their vectors along a dimension. */
public final class CosineSimilarity extends Module {
    private final int dim;
    private final double epsilon;

    /** Along dimension 1; norms count as at least 1e-8. */
    public CosineSimilarity() {
        this(1, 1e-8);
    }

    public CosineSimilarity(int dim, double epsilon) {
        this.dim = dim;
        this.epsilon = epsilon;
    }

    @Override
    protected Tensor forward(Tensor first, Tensor second) {
        return F.cosineSimilarity(first, second, dim, epsilon);
    }
}
