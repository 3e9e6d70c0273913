package org.bitgrid.nn;

import org.bitgrid.tensor.Shape;
import org.bitgrid.tensor.ShapeException;

/** Batch normalisation of (N, C) or (N, C, L) by channel. */
public final class BatchNorm1d extends BatchNormBase<BatchNorm1d> {
    public BatchNorm1d(int features) {
        super(features);
    }

    @Override
    BatchNorm1d self() {
        return this;
    }

    @Override
    void checkInput(Shape shape) {
        if (shape.rank() != 2 && shape.rank() != 3) {
            throw new ShapeException("BatchNorm1d", "input must have 2 or 3 dimensions (N, C) or (N, C, L); got " + shape);
        }
    }
}
