package org.bitgrid.nn;

import org.bitgrid.tensor.Shape;
import org.bitgrid.tensor.ShapeException;

/** Batch normalisation of (N, C, D, H, W) by channel. */
public final class BatchNorm3d extends BatchNormBase<BatchNorm3d> {
    public BatchNorm3d(int features) {
        super(features);
    }

    @Override
    BatchNorm3d self() {
        return this;
    }

    @Override
    void checkInput(Shape shape) {
        if (shape.rank() != 5) {
            throw new ShapeException("BatchNorm3d", "input must have 5 dimensions (N, C, D, H, W); got " + shape);
        }
    }
}
