package org.bitgrid.tensor.op;

import java.util.List;
import org.bitgrid.tensor.Check;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.TensorSpec;

/** x -> log of the sum of exp(x) over some dimensions, without overflow; empty axes mean all. */
public record LogSumExp(List<Integer> axes, boolean keepDim) implements ComposedOp {
    public LogSumExp {
        axes = List.copyOf(axes);
    }

    @Override
    public String name() {
        return "logsumexp";
    }

    @Override
    public List<TensorSpec> infer(List<TensorSpec> inputs) {
        Check.count(name(), inputs, 1, 1);
        Check.floating(name(), "input", inputs.get(0));
        return new Reduce(Reduce.Kind.AMAX, axes, keepDim).infer(inputs);
    }

    @Override
    public Tensor[] decompose(Tensor[] inputs) {
        Tensor x = inputs[0];
        // Any shift gives the same result and the same gradient, so none flows through it.
        Tensor largest = x.detach().amax(axes, true);
        Tensor finite = largest.abs().lt(Double.POSITIVE_INFINITY);
        Tensor shift = Where.apply(finite, largest, Where.zero(largest));
        Tensor log = x.sub(shift).exp().sum(axes, true).log().add(shift);
        return new Tensor[] {keepDim ? log : log.reshape(infer(List.of(x.spec())).get(0).shape().toArray())};
    }

    @Override
    public long flops(List<TensorSpec> inputs) {
        return 3 * inputs.get(0).shape().numel();
    }

    @Override
    public long reductionLength(List<TensorSpec> inputs) {
        return new Reduce(Reduce.Kind.SUM, axes, keepDim).reductionLength(inputs);
    }

    @Override
    public Signature signature() {
        return Signature.function("torch.logsumexp").with(axes).keyword("keepdim", keepDim);
    }
}
