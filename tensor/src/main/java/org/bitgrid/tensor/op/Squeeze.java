package org.bitgrid.tensor.op;

import java.util.List;
import org.bitgrid.tensor.Layout;
import org.bitgrid.tensor.Shape;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.TensorSpec;

/** x -> without dimension {@code axis} when its size is 1, else the same shape. */
public record Squeeze(int axis) implements ViewOp {
    @Override
    public String name() {
        return "squeeze";
    }

    private Shape target(Shape shape) {
        int at = shape.checkedAxis(name(), axis);
        return shape.rank() > 0 && shape.dim(at) == 1 ? shape.without(at) : shape;
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
        return Signature.function("torch.squeeze").with(axis);
    }
}
