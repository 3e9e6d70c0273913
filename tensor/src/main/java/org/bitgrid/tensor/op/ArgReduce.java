package org.bitgrid.tensor.op;

import java.util.List;
import org.bitgrid.tensor.DType;
import org.bitgrid.tensor.Shape;
import org.bitgrid.tensor.ShapeException;
import org.bitgrid.tensor.TensorSpec;

/**
 * Index of the largest or smallest element along a dimension, INT64; the first of equals; NaN counts as largest and as
 * smallest.
 *
 * @param axis null for the index into all elements in row-major order
 */
public record ArgReduce(boolean largest, Integer axis, boolean keepDim) implements NotDifferentiable {
    @Override
    public String name() {
        return largest ? "argmax" : "argmin";
    }

    @Override
    public String reason() {
        return "indices are integers";
    }

    @Override
    public List<TensorSpec> infer(List<TensorSpec> inputs) {
        TensorSpec x = inputs.get(0);
        Shape shape = x.shape();
        Shape out;
        if (axis == null) {
            out = Shape.SCALAR;
            if (shape.numel() == 0) {
                throw new ShapeException(name(), "nothing to compare: the tensor is empty; got " + shape);
            }
        } else {
            int index = shape.checkedAxis(name(), axis);
            if (shape.rank() == 0) {
                out = shape;
            } else {
                if (shape.dim(index) == 0) {
                    throw new ShapeException(name(), "nothing to compare along dimension " + index + "; got " + shape);
                }
                out = keepDim ? shape.with(index, 1) : shape.without(index);
            }
        }
        return List.of(new TensorSpec(out, DType.INT64, x.device()));
    }

    @Override
    public Signature signature() {
        Signature call = Signature.function("torch." + name());
        if (axis != null) {
            call = call.with(axis);
        }
        return keepDim ? call.keyword("keepdim", true) : call;
    }
}
