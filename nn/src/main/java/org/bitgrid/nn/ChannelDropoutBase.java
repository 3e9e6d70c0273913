package org.bitgrid.nn;

import java.util.Arrays;
import org.bitgrid.tensor.Shape;
import org.bitgrid.tensor.ShapeException;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.Tensors;

/** In training, drops whole channels of x (N, C, …) with a probability and scales the others up. */
public abstract class ChannelDropoutBase extends Module {
    private final double probability;
    private final int rank;

    ChannelDropoutBase(double probability, int rank) {
        if (!(probability >= 0 && probability <= 1)) {
            throw new ShapeException(typeName(), "probability must lie in [0, 1]; got " + probability);
        }
        this.probability = probability;
        this.rank = rank;
    }

    public final double probability() {
        return probability;
    }

    @Override
    protected final Tensor forward(Tensor x) {
        Shape shape = x.spec().shape();
        if (shape.rank() != rank) {
            throw new ShapeException(typeName(), "input must have " + rank + " dimensions (N, C, …); got " + shape);
        }
        if (!isTraining()) {
            return x;
        }
        int[] perChannel = new int[rank];
        Arrays.fill(perChannel, 1);
        perChannel[0] = shape.dim(0);
        perChannel[1] = shape.dim(1);
        Tensor channels = Tensors.fullLike(x.spec().withShape(Shape.of(perChannel)), 1);
        return x.mul(F.dropout(channels, probability, true));
    }

    @Override
    protected final String extraRepr() {
        return "p=" + PythonText.number(probability) + ", inplace=False";
    }
}
