package org.bitgrid.tensor.op;

import java.util.List;
import org.bitgrid.tensor.Check;
import org.bitgrid.tensor.Shape;
import org.bitgrid.tensor.ShapeException;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.TensorSpec;

/** x -> first half · sigmoid(second half) along a dimension of even size (Dauphin et al., 2017). */
public record Glu(int axis) implements ComposedOp {
    @Override
    public String name() {
        return "glu";
    }

    @Override
    public List<TensorSpec> infer(List<TensorSpec> inputs) {
        Check.count(name(), inputs, 1, 1);
        Check.floating(name(), "input", inputs.get(0));
        Shape shape = inputs.get(0).shape();
        int at = shape.checkedAxis(name(), axis);
        if (shape.rank() == 0 || shape.dim(at) % 2 != 0) {
            throw new ShapeException(name(), "dimension " + at + " must have an even size; got " + shape);
        }
        return List.of(inputs.get(0).withShape(shape.with(at, shape.dim(at) / 2)));
    }

    @Override
    public Tensor[] decompose(Tensor[] inputs) {
        Tensor x = inputs[0];
        int size = x.spec().shape().dim(axis);
        return new Tensor[] {x.slice(axis, 0, size / 2).mul(x.slice(axis, size / 2, size).sigmoid())};
    }

    @Override
    public long flops(List<TensorSpec> inputs) {
        return inputs.get(0).shape().numel();
    }

    @Override
    public Signature signature() {
        return Signature.function("torch.nn.functional.glu").keyword("dim", axis);
    }
}
