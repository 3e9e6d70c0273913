package org.bitgrid.tensor.op;

import java.util.List;
import org.bitgrid.tensor.Check;
import org.bitgrid.tensor.Dispatch;
import org.bitgrid.tensor.Layout;
import org.bitgrid.tensor.Shape;
import org.bitgrid.tensor.ShapeException;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.TensorSpec;

/** A vector -> the square matrix with it on a diagonal; a matrix -> a copy of that diagonal. */
public record Diag(int offset) implements ComposedOp {
    @Override
    public String name() {
        return "diag";
    }

    @Override
    public List<TensorSpec> infer(List<TensorSpec> inputs) {
        Check.count(name(), inputs, 1, 1);
        Shape shape = inputs.get(0).shape();
        if (shape.rank() != 1 && shape.rank() != 2) {
            throw new ShapeException(name(), "takes a vector or a matrix; got " + shape);
        }
        return List.of(inputs.get(0).withShape(shape.rank() == 1 ? square(shape)
                : diagonal().view(Layout.contiguous(shape)).shape()));
    }

    private Diagonal diagonal() {
        return new Diagonal(offset, 0, 1);
    }

    private Shape square(Shape vector) {
        int side = vector.dim(0) + Math.abs(offset);
        return Shape.of(side, side);
    }

    @Override
    public Tensor[] decompose(Tensor[] inputs) {
        Shape shape = inputs[0].spec().shape();
        return new Tensor[] {shape.rank() == 1
                ? Dispatch.apply(new Diagonal.Embed(diagonal(), square(shape)), inputs[0])
                : Dispatch.apply(diagonal(), inputs[0]).clone()};
    }

    @Override
    public Signature signature() {
        return Signature.function("torch.diag").with(offset);
    }
}
