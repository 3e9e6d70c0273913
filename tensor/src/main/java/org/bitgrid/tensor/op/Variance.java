package org.bitgrid.tensor.op;

import java.util.List;
import org.bitgrid.tensor.Check;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.TensorSpec;

/**
 * x -> sum of (x - mean)² / (n - correction) over some dimensions of n elements together, or its square root.
 *
 * @param axes       dimensions to fold; empty means all
 * @param correction 1 for the unbiased estimate, 0 for the mean of squares
 * @param root       whether to take the square root: the standard deviation
 */
public record Variance(List<Integer> axes, int correction, boolean keepDim, boolean root) implements ComposedOp {
    public Variance {
        axes = List.copyOf(axes);
    }

    @Override
    public String name() {
        return root ? "std" : "var";
    }

    @Override
    public List<TensorSpec> infer(List<TensorSpec> inputs) {
        Check.count(name(), inputs, 1, 1);
        Check.floating(name(), "input", inputs.get(0));
        return new Reduce(Reduce.Kind.SUM, axes, keepDim).infer(inputs);
    }

    @Override
    public Tensor[] decompose(Tensor[] inputs) {
        Tensor x = inputs[0];
        long count = new Reduce(Reduce.Kind.SUM, axes, keepDim).reductionLength(List.of(x.spec()));
        Tensor squares = x.sub(x.mean(axes, true)).square().sum(axes, keepDim);
        Tensor variance = squares.div((double) Math.max(0, count - correction));
        return new Tensor[] {root ? variance.sqrt() : variance};
    }

    @Override
    public long flops(List<TensorSpec> inputs) {
        return 4 * inputs.get(0).shape().numel();
    }

    @Override
    public long reductionLength(List<TensorSpec> inputs) {
        return new Reduce(Reduce.Kind.SUM, axes, keepDim).reductionLength(inputs);
    }

    @Override
    public Signature signature() {
        Signature call = Signature.function("torch." + name());
        if (!axes.isEmpty()) {
            call = call.keyword("dim", axes);
        }
        return call.keyword("correction", correction).keyword("keepdim", keepDim);
    }
}
