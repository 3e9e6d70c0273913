package org.bitgrid.tensor.op;

import java.util.List;
import org.bitgrid.tensor.Check;
import org.bitgrid.tensor.DType;
import org.bitgrid.tensor.Dispatch;
import org.bitgrid.tensor.Shape;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.TensorSpec;
import org.bitgrid.tensor.Tensors;

/**
 * x -> largest (or smallest) elements along one dimension, and their indices (INT64): {@code torch.max(x, dim)}. The
 * first of equals wins and takes the whole gradient; NaN wins over everything.
 */
public record MaxDim(boolean largest, int axis, boolean keepDim) implements Op {
    @Override
    public String name() {
        return largest ? "max" : "min";
    }

    @Override
    public List<TensorSpec> infer(List<TensorSpec> inputs) {
        Check.count(name(), inputs, 1, 1);
        TensorSpec indices = new ArgReduce(largest, axis, keepDim).infer(inputs).get(0);
        return List.of(indices.withDType(inputs.get(0).dtype()), indices.withDType(DType.INT64));
    }

    /** The values and the indices. */
    public static Tensor[] apply(Tensor x, boolean largest, int axis, boolean keepDim) {
        return Dispatch.applyAll(new MaxDim(largest, axis, keepDim), x);
    }

    @Override
    public Reads reads() {
        return Reads.outputs(1);
    }

    @Override
    public Tensor[] vjp(VjpContext context) {
        Shape shape = context.inputSpec(0).shape();
        if (shape.rank() == 0) {
            return new Tensor[] {context.gradOutput()};
        }
        Tensor grad = context.gradOutput();
        Tensor indices = context.output(1);
        if (!keepDim) {
            int index = shape.checkedAxis(name(), axis);
            grad = grad.unsqueeze(index);
            indices = indices.unsqueeze(index);
        }
        return new Tensor[] {Tensors.fullLike(context.inputSpec(0), 0).scatterAdd(axis, indices, grad)};
    }

    @Override
    public long flops(List<TensorSpec> inputs) {
        return inputs.get(0).shape().numel();
    }

    @Override
    public Signature signature() {
        Signature call = Signature.function("torch." + name()).with(axis);
        return keepDim ? call.keyword("keepdim", true) : call;
    }
}
