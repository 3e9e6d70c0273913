package org.bitgrid.tensor.op;

import java.util.List;
import org.bitgrid.tensor.Check;
import org.bitgrid.tensor.DType;
import org.bitgrid.tensor.Dispatch;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.TensorSpec;
import org.bitgrid.tensor.Tensors;

/**
 * x -> its elements in order along a dimension, and where they were (INT64), both of x's shape. Equal elements keep
 * their order; NaN counts as larger than everything.
 */
public record Sort(int axis, boolean descending) implements Op {
    @Override
    public String name() {
        return "sort";
    }

    @Override
    public List<TensorSpec> infer(List<TensorSpec> inputs) {
        Check.count(name(), inputs, 1, 1);
        inputs.get(0).shape().checkedAxis(name(), axis);
        return List.of(inputs.get(0), inputs.get(0).withDType(DType.INT64));
    }

    @Override
    public Reads reads() {
        return Reads.outputs(1);
    }

    @Override
    public Tensor[] vjp(VjpContext context) {
        Tensor grad = context.gradOutput();
        if (context.inputSpec(0).shape().rank() == 0) {
            return new Tensor[] {grad};
        }
        return new Tensor[] {Dispatch.apply(new ScatterAdd(axis), Tensors.fullLike(grad.spec(), 0), context.output(1),
                grad)};
    }

    @Override
    public Signature signature() {
        return Signature.function("torch.sort").keyword("dim", axis).keyword("descending", descending);
    }
}
