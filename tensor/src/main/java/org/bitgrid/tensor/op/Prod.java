package org.bitgrid.tensor.op;

import java.util.List;
import org.bitgrid.tensor.Check;
import org.bitgrid.tensor.DType;
import org.bitgrid.tensor.Shape;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.TensorSpec;
import org.bitgrid.tensor.Tensors;

/**
 * x -> product along one dimension; integers give INT64. Halves are multiplied until one element is left, so that the
 * gradient is right also where elements are 0.
 */
public record Prod(int axis, boolean keepDim) implements ComposedOp {
    @Override
    public String name() {
        return "prod";
    }

    @Override
    public List<TensorSpec> infer(List<TensorSpec> inputs) {
        Check.count(name(), inputs, 1, 1);
        return new Reduce(Reduce.Kind.SUM, List.of(axis), keepDim).infer(inputs);
    }

    @Override
    public Tensor[] decompose(Tensor[] inputs) {
        Tensor x = inputs[0].dtype().isFloating() ? inputs[0] : inputs[0].to(DType.INT64);
        Shape target = infer(List.of(inputs[0].spec())).get(0).shape();
        if (x.spec().shape().rank() == 0) {
            return new Tensor[] {x};
        }
        int size = x.spec().shape().dim(axis);
        if (size == 0) {
            return new Tensor[] {Tensors.fullLike(x.spec().withShape(target), 1)};
        }
        while (size > 1) {
            int half = size / 2;
            Tensor product = x.slice(axis, 0, half).mul(x.slice(axis, half, 2L * half));
            x = size % 2 == 0 ? product : Tensors.cat(List.of(product, x.slice(axis, size - 1, size)), axis);
            size = (size + 1) / 2;
        }
        return new Tensor[] {x.reshape(target.toArray())};
    }

    @Override
    public long flops(List<TensorSpec> inputs) {
        return inputs.get(0).shape().numel();
    }

    @Override
    public long reductionLength(List<TensorSpec> inputs) {
        return new Reduce(Reduce.Kind.SUM, List.of(axis), keepDim).reductionLength(inputs);
    }

    @Override
    public Signature signature() {
        return Signature.function("torch.prod").with(axis).keyword("keepdim", keepDim);
    }
}
