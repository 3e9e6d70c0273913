package org.bitgrid.nn;

import org.bitgrid.tensor.Tensor;

/** max(0, d(anchor, positive) - d(anchor, negative) + margin), all (N, D) or (D), d the p-norm of the difference. */
public final class TripletMarginLoss extends Loss<TripletMarginLoss> {
    private double margin = 1;
    private double p = 2;
    private double epsilon = 1e-6;
    private boolean swap;

    /** How much nearer the positive should be than the negative; 1 by default. Returns this. */
    public TripletMarginLoss margin(double value) {
        checkNotBuilt("margin");
        margin = value;
        return this;
    }

    /** Which norm; 2 by default. Returns this. */
    public TripletMarginLoss p(double value) {
        checkNotBuilt("p");
        p = value;
        return this;
    }

    /** Added to each difference; 1e-6 by default. Returns this. */
    public TripletMarginLoss epsilon(double value) {
        checkNotBuilt("epsilon");
        epsilon = value;
        return this;
    }

    /** Whether the distance of positive and negative counts when it is the smaller; false by default. Returns this. */
    public TripletMarginLoss swap(boolean value) {
        checkNotBuilt("swap");
        swap = value;
        return this;
    }

    @Override
    TripletMarginLoss self() {
        return this;
    }

    @Override
    protected Tensor forward(Tensor anchor, Tensor positive, Tensor negative) {
        return F.tripletMarginLoss(anchor, positive, negative, margin, p, epsilon, swap, reduction());
    }
}
