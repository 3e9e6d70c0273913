package org.bitgrid.nn;

import org.bitgrid.tensor.Shape;
import org.bitgrid.tensor.ShapeException;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.Tensors;

/** In training, drops whole channels of x (N, C, H, W) with a probability and scales the others up. */
public final class Dropout2d extends Module {
    private final double probability;

    /** With probability 0.5. */
    public Dropout2d() {
        this(0.5);
    }

    public Dropout2d(double probability) {
        if (!(probability >= 0 && probability <= 1)) {
            throw new ShapeException("Dropout2d", "probability must lie in [0, 1]; got " + probability);
        }
        this.probability = probability;
    }

    @Override
    protected Tensor forward(Tensor x) {
        Shape shape = x.spec().shape();
        if (shape.rank() != 4) {
            throw new ShapeException("Dropout2d", "input must have 4 dimensions (N, C, H, W); got " + shape);
        }
        if (!isTraining()) {
            return x;
        }
        Tensor channels = Tensors.fullLike(x.spec().withShape(Shape.of(shape.dim(0), shape.dim(1), 1, 1)), 1);
        return x.mul(F.dropout(channels, probability, true));
    }

    @Override
    protected String extraRepr() {
        return "p=" + PythonText.number(probability) + ", inplace=False";
    }
}
