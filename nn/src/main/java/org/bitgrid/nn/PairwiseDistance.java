package org.bitgrid.nn;

import org.bitgrid.tensor.Tensor;

/** Two tensors -> p-norm of their difference along the last dimension. */
public final class PairwiseDistance extends Module {
    private final double p;
    private final double epsilon;
    private final boolean keepDim;

    /** Euclidean, with 1e-6 added to each difference. */
    public PairwiseDistance() {
        this(2, 1e-6, false);
    }

    public PairwiseDistance(double p, double epsilon, boolean keepDim) {
        this.p = p;
        this.epsilon = epsilon;
        this.keepDim = keepDim;
    }

    @Override
    protected Tensor forward(Tensor first, Tensor second) {
        return F.pairwiseDistance(first, second, p, epsilon, keepDim);
    }
}
