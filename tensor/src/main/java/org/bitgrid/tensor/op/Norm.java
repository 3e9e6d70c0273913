package org.bitgrid.tensor.op;

import java.util.List;
import org.bitgrid.tensor.Check;
import org.bitgrid.tensor.ShapeException;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.TensorSpec;

/**
 * x -> (sum of |x|^p)^(1/p) over some dimensions; p infinite gives the largest |x|, -infinite the smallest, 0 counts
 * what is not zero. The gradient of the Euclidean norm (p 2) is 0 where the norm is 0.
 *
 * @param axes dimensions to fold; empty means all
 */
public record Norm(double p, List<Integer> axes, boolean keepDim) implements ComposedOp {
    public Norm {
        axes = List.copyOf(axes);
        if (Double.isNaN(p)) {
            throw new ShapeException("norm", "p must be a number; got " + p);
        }
    }

    @Override
    public String name() {
        return "norm";
    }

    @Override
    public List<TensorSpec> infer(List<TensorSpec> inputs) {
        Check.count(name(), inputs, 1, 1);
        Check.floating(name(), "input", inputs.get(0));
        return new Reduce(Double.isInfinite(p) ? Reduce.Kind.AMAX : Reduce.Kind.SUM, axes, keepDim).infer(inputs);
    }

    @Override
    public Tensor[] decompose(Tensor[] inputs) {
        Tensor x = inputs[0];
        return new Tensor[] {norm(x)};
    }

    private Tensor norm(Tensor x) {
        if (p == Double.POSITIVE_INFINITY) {
            return x.abs().amax(axes, keepDim);
        }
        if (p == Double.NEGATIVE_INFINITY) {
            return x.abs().amin(axes, keepDim);
        }
        if (p == 0) {
            return x.ne(0.0).to(x.dtype()).sum(axes, keepDim);
        }
        if (p == 1) {
            return x.abs().sum(axes, keepDim);
        }
        if (p == 2) {
            Tensor squares = x.square().sum(axes, keepDim);
            Tensor zero = squares.eq(0.0);
            Tensor safe = Where.apply(zero, Where.zero(squares).add(1.0), squares);
            return Where.apply(zero, Where.zero(squares), safe.sqrt());
        }
        return x.abs().pow(p).sum(axes, keepDim).pow(1 / p);
    }

    @Override
    public long flops(List<TensorSpec> inputs) {
        return 2 * inputs.get(0).shape().numel();
    }

    @Override
    public long reductionLength(List<TensorSpec> inputs) {
        return new Reduce(Reduce.Kind.SUM, axes, keepDim).reductionLength(inputs);
    }

    @Override
    public Signature signature() {
        Signature call = Signature.function("torch.norm").keyword("p", p);
        return (axes.isEmpty() ? call : call.keyword("dim", axes)).keyword("keepdim", keepDim);
    }
}
