package org.bitgrid.tensor.op;

import java.util.List;
import org.bitgrid.tensor.Check;
import org.bitgrid.tensor.DType;
import org.bitgrid.tensor.Shape;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.TensorSpec;
import org.bitgrid.tensor.Tensors;

/**
 * x -> y of the same shape, y[i] the product of x[0] to x[i] along a dimension; integers give INT64. Made by doubling:
 * each round multiplies every element by the one so many places before it, which keeps gradients right at zeros.
 */
public record CumProd(int axis) implements ComposedOp {
    @Override
    public String name() {
        return "cumprod";
    }

    @Override
    public List<TensorSpec> infer(List<TensorSpec> inputs) {
        Check.count(name(), inputs, 1, 1);
        TensorSpec x = inputs.get(0);
        x.shape().checkedAxis(name(), axis);
        return List.of(x.dtype().isFloating() ? x : x.withDType(DType.INT64));
    }

    @Override
    public Tensor[] decompose(Tensor[] inputs) {
        Tensor y = inputs[0].dtype().isFloating() ? inputs[0] : inputs[0].to(DType.INT64);
        Shape shape = y.spec().shape();
        if (shape.rank() == 0) {
            return new Tensor[] {y.clone()};
        }
        int size = shape.dim(axis);
        for (int step = 1; step < size; step *= 2) {
            Tensor product = y.slice(axis, step, size).mul(y.slice(axis, 0, size - step));
            y = Tensors.cat(List.of(y.slice(axis, 0, step), product), axis);
        }
        return new Tensor[] {y == inputs[0] ? y.clone() : y};
    }

    @Override
    public long flops(List<TensorSpec> inputs) {
        return inputs.get(0).shape().numel();
    }

    @Override
    public long reductionLength(List<TensorSpec> inputs) {
        Shape shape = inputs.get(0).shape();
        return shape.rank() == 0 ? 1 : Math.max(1, shape.dim(shape.checkedAxis(name(), axis)));
    }

    @Override
    public Signature signature() {
        return Signature.function("torch.cumprod").keyword("dim", axis);
    }
}
