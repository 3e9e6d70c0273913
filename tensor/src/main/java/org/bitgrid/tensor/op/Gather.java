package org.bitgrid.tensor.op;

import java.util.List;
import java.util.Map;
import org.bitgrid.tensor.Check;
import org.bitgrid.tensor.DTypeException;
import org.bitgrid.tensor.Shape;
import org.bitgrid.tensor.ShapeException;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.TensorSpec;
import org.bitgrid.tensor.Tensors;

/**
 * x, index (INT64 or INT32) of the same rank -> the shape of index: the element of x at the same place, but with the
 * coordinate along {@code axis} replaced by the index there. Sizes of index in other dimensions may be smaller.
 */
public record Gather(int axis) implements Op {
    @Override
    public String name() {
        return "gather";
    }

    @Override
    public List<TensorSpec> infer(List<TensorSpec> inputs) {
        Check.count(name(), inputs, 2, 2);
        TensorSpec index = inputs.get(1);
        checkIndex(name(), axis, inputs.get(0).shape(), index);
        return List.of(inputs.get(0).withShape(index.shape()));
    }

    /** The index tensor must hold integers, have the rank of {@code shape} and not be larger off the dimension. */
    static void checkIndex(String operation, int axis, Shape shape, TensorSpec index) {
        checkInteger(operation, index);
        int at = shape.checkedAxis(operation, axis);
        boolean fits = shape.rank() == index.shape().rank();
        for (int i = 0; fits && i < shape.rank(); i++) {
            fits = i == at || index.shape().dim(i) <= shape.dim(i);
        }
        if (!fits) {
            throw new ShapeException(operation, "index must have the tensor's rank and be no larger off dimension "
                    + at + "; got index " + index.shape() + " for " + shape);
        }
    }

    /** The tensor must hold indices. */
    static void checkInteger(String operation, TensorSpec index) {
        if (!index.dtype().isInteger()) {
            throw new DTypeException(operation, "index must be int64 or int32; got " + index.dtype());
        }
    }

    /** The error for an index that kernels meet outside the dimension. */
    public static ShapeException outside(String operation, long index, int size) {
        return new ShapeException(operation, "index out of range; got " + index + "; expected 0 to " + (size - 1));
    }

    @Override
    public Reads reads() {
        return Reads.inputs(1);
    }

    @Override
    public Tensor[] vjp(VjpContext context) {
        return new Tensor[] {
            Tensors.fullLike(context.inputSpec(0), 0).scatterAdd(axis, context.input(1), context.gradOutput()), null};
    }

    @Override
    public Signature signature() {
        return new Signature("torch.gather", "", List.of(new Signature.Input(0), axis, new Signature.Input(1)),
                Map.of());
    }
}
