package org.bitgrid.tensor.op;

import java.util.List;
import org.bitgrid.tensor.Layout;
import org.bitgrid.tensor.Shape;
import org.bitgrid.tensor.ShapeException;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.TensorSpec;

/** x -> one more dimension, of size 1, before dimension {@code axis} (negative: counted in the result). */
public record Unsqueeze(int axis) implements ViewOp {
    @Override
    public String name() {
        return "unsqueeze";
    }

    private Shape target(Shape shape) {
        int rank = shape.rank() + 1;
        if (axis < -rank || axis >= rank) {
            throw new ShapeException(name(), "dimension out of range; got " + axis + " for shape " + shape
                    + "; expected " + -rank + " to " + (rank - 1));
        }
        int at = axis < 0 ? axis + rank : axis;
        return shape.slice(0, at).concat(Shape.of(1)).concat(shape.slice(at, shape.rank()));
    }

    @Override
    public List<TensorSpec> infer(List<TensorSpec> inputs) {
        return List.of(inputs.get(0).withShape(target(inputs.get(0).shape())));
    }

    @Override
    public Layout view(Layout input) {
        return input.reshape(target(input.shape()));
    }

    @Override
    public Tensor[] vjp(VjpContext context) {
        return new Tensor[] {context.gradOutput().reshape(context.inputSpec(0).shape().toArray())};
    }

    @Override
    public Signature signature() {
        return Signature.function("torch.unsqueeze").with(axis);
    }
}
