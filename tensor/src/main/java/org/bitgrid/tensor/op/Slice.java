package org.bitgrid.tensor.op;

import java.util.List;
import org.bitgrid.tensor.Check;
import org.bitgrid.tensor.Dispatch;
import org.bitgrid.tensor.Layout;
import org.bitgrid.tensor.Shape;
import org.bitgrid.tensor.ShapeException;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.TensorSpec;

/**
 * x -> elements start, start + step, … below end along one dimension, as Python slices do: negative ends count from
 * the end, ends outside are cut off. Shares memory.
 */
public record Slice(int axis, long start, long end, long step) implements ViewOp, Rebindable {
    @Override
    public String name() {
        return "slice";
    }

    @Override
    public List<TensorSpec> infer(List<TensorSpec> inputs) {
        return List.of(inputs.get(0).withShape(view(Layout.contiguous(inputs.get(0).shape())).shape()));
    }

    private static long clamped(long index, int size) {
        return Math.min(size, Math.max(0, index < 0 ? index + size : index));
    }

    @Override
    public Layout view(Layout input) {
        Shape shape = input.shape();
        if (shape.rank() == 0) {
            throw new ShapeException(name(), "a tensor without dimensions cannot be sliced; got " + shape);
        }
        if (step < 1) {
            throw new ShapeException(name(), "step must be positive; got " + step);
        }
        int index = shape.checkedAxis(name(), axis);
        long first = clamped(start, shape.dim(index));
        long last = clamped(end, shape.dim(index));
        long count = last <= first ? 0 : (last - first + step - 1) / step;
        return input.slice(index, (int) (count == 0 ? 0 : first), (int) Math.min(step, Integer.MAX_VALUE),
                (int) count);
    }

    @Override
    public Tensor[] vjp(VjpContext context) {
        return new Tensor[] {Grad.apply(this, context.gradOutput(), context.inputSpec(0))};
    }

    @Override
    public List<Long> integers() {
        return List.of(start, end, step);
    }

    @Override
    public Op withIntegers(List<Long> values) {
        return new Slice(axis, values.get(0), values.get(1), values.get(2));
    }

    @Override
    public Signature signature() {
        return Signature.function("torch.slice").with(axis).withIntegers(0, 3);
    }

    /** grad of a slice -> zeros of the input's shape with the gradient written where the slice was. */
    public record Grad(Slice slice, Shape shape) implements Op {
        static Tensor apply(Slice slice, Tensor grad, TensorSpec input) {
            return Dispatch.apply(new Grad(slice, input.shape()), grad);
        }

        @Override
        public String name() {
            return "slice_grad";
        }

        @Override
        public List<TensorSpec> infer(List<TensorSpec> inputs) {
            Check.shape(name(), "gradient", inputs.get(0), slice.view(Layout.contiguous(shape)).shape());
            return List.of(inputs.get(0).withShape(shape));
        }

        @Override
        public Tensor[] vjp(VjpContext context) {
            return new Tensor[] {Dispatch.apply(slice, context.gradOutput())};
        }
    }
}
