package org.bitgrid.tensor.op;

import java.util.List;
import java.util.Map;
import org.bitgrid.tensor.Check;
import org.bitgrid.tensor.DTypeException;
import org.bitgrid.tensor.Dispatch;
import org.bitgrid.tensor.Shape;
import org.bitgrid.tensor.ShapeException;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.TensorSpec;

/**
 * x (…, size, …), index (INT64 or INT32, any shape) -> x with the dimension {@code axis} replaced by those of index:
 * the slices of x that index names, one after the other.
 */
public record IndexSelect(int axis) implements Op {
    @Override
    public String name() {
        return "index_select";
    }

    @Override
    public List<TensorSpec> infer(List<TensorSpec> inputs) {
        Check.count(name(), inputs, 2, 2);
        Shape shape = inputs.get(0).shape();
        checkIndex(name(), inputs.get(1));
        if (shape.rank() == 0) {
            throw new ShapeException(name(), "a tensor without dimensions has no slices; got " + shape);
        }
        int at = shape.checkedAxis(name(), axis);
        return List.of(inputs.get(0).withShape(shape.slice(0, at).concat(inputs.get(1).shape())
                .concat(shape.slice(at + 1, shape.rank()))));
    }

    private static void checkIndex(String operation, TensorSpec index) {
        if (!index.dtype().isInteger()) {
            throw new DTypeException(operation, "index must be int64 or int32; got " + index.dtype());
        }
    }

    @Override
    public Reads reads() {
        return Reads.inputs(1);
    }

    @Override
    public Tensor[] vjp(VjpContext context) {
        Shape shape = context.inputSpec(0).shape();
        int at = shape.checkedAxis(name(), axis);
        return new Tensor[] {Dispatch.apply(new Grad(at, shape.dim(at)), context.gradOutput(), context.input(1)), null};
    }

    @Override
    public Signature signature() {
        return new Signature("torch.index_select", "", List.of(new Signature.Input(0), axis, new Signature.Input(1)),
                Map.of());
    }

    /**
     * grad of the selected slices, index -> (…, size, …): for each slice of x the sum of the gradients of all places
     * where it was selected, in row-major order of index.
     *
     * @param axis from 0
     */
    public record Grad(int axis, int size) implements Op {
        @Override
        public String name() {
            return "index_select_grad";
        }

        @Override
        public List<TensorSpec> infer(List<TensorSpec> inputs) {
            Check.count(name(), inputs, 2, 2);
            checkIndex(name(), inputs.get(1));
            Shape grad = inputs.get(0).shape();
            int end = axis + inputs.get(1).shape().rank();
            if (end > grad.rank()) {
                throw new ShapeException(name(), "gradient must have the dimensions of the index; got " + grad
                        + " for index " + inputs.get(1).shape() + " at dimension " + axis);
            }
            Check.shape(name(), "index", inputs.get(1), grad.slice(axis, end));
            return List.of(inputs.get(0).withShape(grad.slice(0, axis).concat(Shape.of(size))
                    .concat(grad.slice(end, grad.rank()))));
        }

        @Override
        public Reads reads() {
            return Reads.inputs(1);
        }

        @Override
        public Tensor[] vjp(VjpContext context) {
            return new Tensor[] {Dispatch.apply(new IndexSelect(axis), context.gradOutput(), context.input(1)), null};
        }

        @Override
        public long flops(List<TensorSpec> inputs) {
            return inputs.get(0).shape().numel();
        }

        /** All selected slices may be the same. */
        @Override
        public long reductionLength(List<TensorSpec> inputs) {
            return inputs.get(1).shape().numel();
        }
    }
}
