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
 * x -> its elements whose coordinate along {@code second} is that along {@code first} plus {@code offset}, as a last
 * dimension in place of both. Shares memory.
 */
public record Diagonal(int offset, int first, int second) implements ViewOp {
    @Override
    public String name() {
        return "diagonal";
    }

    @Override
    public List<TensorSpec> infer(List<TensorSpec> inputs) {
        Check.count(name(), inputs, 1, 1);
        return List.of(inputs.get(0).withShape(view(Layout.contiguous(inputs.get(0).shape())).shape()));
    }

    @Override
    public Layout view(Layout input) {
        Shape shape = input.shape();
        int a = shape.checkedAxis(name(), first);
        int b = shape.checkedAxis(name(), second);
        if (shape.rank() < 2 || a == b) {
            throw new ShapeException(name(), "needs two different dimensions; got " + first + " and " + second
                    + " of " + shape);
        }
        int startA = Math.max(0, -offset);
        int startB = Math.max(0, offset);
        int count = Math.max(0, Math.min(shape.dim(a) - startA, shape.dim(b) - startB));
        int[] dims = new int[shape.rank() - 1];
        int[] strides = new int[dims.length];
        int at = 0;
        for (int i = 0; i < shape.rank(); i++) {
            if (i != a && i != b) {
                dims[at] = shape.dim(i);
                strides[at++] = input.stride(i);
            }
        }
        dims[at] = count;
        strides[at] = input.stride(a) + input.stride(b);
        int start = count == 0 ? input.offset()
                : input.offset() + startA * input.stride(a) + startB * input.stride(b);
        return Layout.of(Shape.of(dims), strides, start);
    }

    @Override
    public Tensor[] vjp(VjpContext context) {
        return new Tensor[] {Dispatch.apply(new Embed(this, context.inputSpec(0).shape()), context.gradOutput())};
    }

    @Override
    public Signature signature() {
        return Signature.function("torch.diagonal").keyword("offset", offset).keyword("dim1", first)
                .keyword("dim2", second);
    }

    /** A diagonal -> zeros of {@code shape} with it written where {@link Diagonal} finds it. */
    public record Embed(Diagonal diagonal, Shape shape) implements Op {
        @Override
        public String name() {
            return "diag_embed";
        }

        @Override
        public List<TensorSpec> infer(List<TensorSpec> inputs) {
            Check.count(name(), inputs, 1, 1);
            Check.shape(name(), "diagonal", inputs.get(0), diagonal.view(Layout.contiguous(shape)).shape());
            return List.of(inputs.get(0).withShape(shape));
        }

        @Override
        public Tensor[] vjp(VjpContext context) {
            return new Tensor[] {Dispatch.apply(diagonal, context.gradOutput())};
        }
    }
}
