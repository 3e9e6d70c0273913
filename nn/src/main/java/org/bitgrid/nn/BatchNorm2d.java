package org.bitgrid.nn;

import org.bitgrid.tensor.Shape;
import org.bitgrid.tensor.ShapeException;

/** Batch normalisation of (N, C, H, W) by channel. */
public final class BatchNorm2d extends BatchNormBase<BatchNorm2d> {
    public BatchNorm2d(int features) {
        super(features);
    }

    @Override
    BatchNorm2d self() {
        return this;
    }

    @Override
    void checkInput(Shape shape) {
        if (shape.rank() != 4) {
            throw new ShapeException("BatchNorm2d", "input must have 4 dimensions (N, C, H, W); got " + shape);
        }
    }
}
