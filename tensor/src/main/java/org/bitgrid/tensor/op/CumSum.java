package org.bitgrid.tensor.op;

import java.util.List;
import org.bitgrid.tensor.Check;
import org.bitgrid.tensor.DType;
import org.bitgrid.tensor.Dispatch;
import org.bitgrid.tensor.Shape;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.TensorSpec;

/**
 * x -> y of the same shape, y[i] the sum of x[0] to x[i] along a dimension; integers give INT64.
 *
 * @param reversed whether y[i] is the sum of x[i] to the last instead
 */
public record CumSum(int axis, boolean reversed) implements Op {
    @Override
    public String name() {
        return "cumsum";
    }

    @Override
    public List<TensorSpec> infer(List<TensorSpec> inputs) {
        Check.count(name(), inputs, 1, 1);
        TensorSpec x = inputs.get(0);
        x.shape().checkedAxis(name(), axis);
        return List.of(x.dtype().isFloating() ? x : x.withDType(DType.INT64));
    }

    @Override
    public Tensor[] vjp(VjpContext context) {
        return new Tensor[] {Dispatch.apply(new CumSum(axis, !reversed), context.gradOutput())};
    }

    @Override
    public long flops(List<TensorSpec> inputs) {
        return inputs.get(0).shape().numel();
    }

    @Override
    public long reductionLength(List<TensorSpec> inputs) {
        Shape shape = inputs.get(0).shape();
        return shape.rank() == 0 ? 1 : shape.dim(shape.checkedAxis(name(), axis));
    }

    @Override
    public Signature signature() {
        return Signature.function("torch.cumsum").keyword("dim", axis);
    }
}
