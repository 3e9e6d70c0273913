package org.bitgrid.nn.init;

import org.bitgrid.nn.Parameter;
import org.bitgrid.tensor.Rng;
import org.bitgrid.tensor.Shape;
import org.bitgrid.tensor.Tensor;

/** Makes the first values of a parameter. {@link Init} has the usual ones. */
@FunctionalInterface
public interface Initializer {
    /** A FLOAT32 tensor of this shape, drawn from {@code rng}. */
    Tensor make(Shape shape, Rng rng);

    /** A FLOAT32 tensor of this shape, drawn from this thread's generator. */
    default Tensor make(int... dims) {
        return make(Shape.of(dims), Rng.current());
    }

    /** Overwrites a parameter with values drawn from this thread's generator; its type stays. */
    default void apply(Parameter parameter) {
        Tensor values = make(parameter.shape(), Rng.current());
        parameter.set(values.to(parameter.held().dtype()));
    }
}
