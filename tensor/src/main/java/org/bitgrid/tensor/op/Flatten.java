package org.bitgrid.tensor.op;

import java.util.List;
import org.bitgrid.tensor.Layout;
import org.bitgrid.tensor.Shape;
import org.bitgrid.tensor.ShapeException;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.TensorSpec;

/** x -> dimensions {@code start} to {@code end} (inclusive, negative from the end) joined into one. */
public record Flatten(int start, int end) implements ViewOp {
    @Override
    public String name() {
        return "flatten";
    }

    @Override
    public List<TensorSpec> infer(List<TensorSpec> inputs) {
        return List.of(inputs.get(0).withShape(target(inputs.get(0).shape())));
    }

    private Shape target(Shape shape) {
        int first = shape.checkedAxis(name(), start);
        int last = shape.checkedAxis(name(), end);
        if (first > last) {
            throw new ShapeException(name(), "first dimension must not come after the last; got " + start + " and "
                    + end + " for shape " + shape);
        }
        if (shape.rank() == 0) {
            return Shape.of(1);
        }
        int joined = Math.toIntExact(shape.slice(first, last + 1).numel());
        return shape.slice(0, first).concat(Shape.of(joined)).concat(shape.slice(last + 1, shape.rank()));
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
        Signature call = Signature.function("torch.flatten");
        if (end != -1) {
            return call.with(start, end);
        }
        return start == 0 ? call : call.with(start);
    }
}
