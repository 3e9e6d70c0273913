package org.bitgrid.tensor.op;

import org.bitgrid.tensor.Tensor;

/** How a loss makes one number of many. */
public enum Reduction {
    NONE, MEAN, SUM;

    /** Folds the losses of all elements. */
    public Tensor of(Tensor losses) {
        return switch (this) {
            case NONE -> losses;
            case MEAN -> losses.mean();
            case SUM -> losses.sum();
        };
    }

    /** PyTorch's name, such as {@code mean}. */
    @Override
    public String toString() {
        return switch (this) {
            case NONE -> "none";
            case MEAN -> "mean";
            case SUM -> "sum";
        };
    }
}
