package org.bitgrid.tensor.op;

import java.util.List;
import org.bitgrid.tensor.Check;
import org.bitgrid.tensor.DType;
import org.bitgrid.tensor.Shape;
import org.bitgrid.tensor.ShapeException;
import org.bitgrid.tensor.TensorSpec;

/**
 * x -> coordinates (count, rank) INT64 of the elements that are not 0, in row-major order. The shape depends on the
 * data, so the count is found first and is an attribute; that look at values is an error while tracing.
 *
 * @param count how many elements are not 0
 */
public record Nonzero(int count) implements NotDifferentiable {
    @Override
    public String name() {
        return "nonzero";
    }

    @Override
    public String reason() {
        return "indices are integers";
    }

    @Override
    public List<TensorSpec> infer(List<TensorSpec> inputs) {
        Check.count(name(), inputs, 1, 1);
        TensorSpec x = inputs.get(0);
        return List.of(new TensorSpec(Shape.of(count, x.shape().rank()), DType.INT64, x.device()));
    }

    /** The error of kernels that find another number of elements. */
    public ShapeException otherCount(int found) {
        return new ShapeException(name(), "found " + found + " elements that are not 0; expected " + count);
    }
}
