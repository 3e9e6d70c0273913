package org.bitgrid.tensor.op;

import java.util.List;
import org.bitgrid.tensor.Check;
import org.bitgrid.tensor.DType;
import org.bitgrid.tensor.DTypeException;
import org.bitgrid.tensor.Shape;
import org.bitgrid.tensor.ShapeException;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.TensorSpec;
import org.bitgrid.tensor.Tensors;

/** x, mask (BOOL, broadcast to x) -> {@code value} where the mask holds, else x; x keeps its type. */
public record MaskedFill(double value) implements ComposedOp {
    @Override
    public String name() {
        return "masked_fill";
    }

    @Override
    public List<TensorSpec> infer(List<TensorSpec> inputs) {
        Check.count(name(), inputs, 2, 2);
        TensorSpec x = inputs.get(0);
        TensorSpec mask = inputs.get(1);
        if (mask.dtype() != DType.BOOL) {
            throw new DTypeException(name(), "mask must be bool; got " + mask.dtype());
        }
        if (!Shape.broadcast(name(), x.shape(), mask.shape()).equals(x.shape())) {
            throw new ShapeException(name(), "mask does not broadcast to the tensor; got mask " + mask.shape()
                    + " for " + x.shape());
        }
        if (!x.dtype().isFloating() && value != Math.rint(value)) {
            throw new DTypeException(name(), "value does not fit the type; got " + value + " for " + x.dtype());
        }
        return List.of(x);
    }

    @Override
    public Tensor[] decompose(Tensor[] inputs) {
        Tensor x = inputs[0];
        return new Tensor[] {Where.apply(inputs[1], Tensors.fullLike(x.spec().withShape(Shape.SCALAR), value), x)};
    }

    @Override
    public Signature signature() {
        return Signature.function("torch.masked_fill").with(value);
    }
}
