package org.bitgrid.tensor.op;

import java.util.List;
import org.bitgrid.tensor.Check;
import org.bitgrid.tensor.Dispatch;
import org.bitgrid.tensor.Rng;
import org.bitgrid.tensor.ShapeException;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.TensorSpec;

/**
 * x -> x where x &gt; 0, else x · slope, and the slopes themselves (1 where x &gt; 0), both of x's shape (Xu et al.,
 * 2015). The slope of element i in row-major order is lower + (upper - lower) · {@code new Rng(seed).floatAt(i)}.
 */
public record RRelu(double lower, double upper, long seed) implements Randomized {
    public RRelu {
        if (!(lower <= upper)) {
            throw new ShapeException("rrelu", "lower slope must not be above the upper one; got " + lower + " and "
                    + upper);
        }
    }

    @Override
    public String name() {
        return "rrelu";
    }

    @Override
    public Op redraw(Rng rng) {
        return new RRelu(lower, upper, rng.nextLong());
    }

    @Override
    public List<TensorSpec> infer(List<TensorSpec> inputs) {
        Check.count(name(), inputs, 1, 1);
        Check.floating(name(), "input", inputs.get(0));
        return List.of(inputs.get(0), inputs.get(0));
    }

    /** Runs it, written as a function call. */
    public static Tensor apply(Tensor x, double lower, double upper, Rng rng) {
        // A tensor without elements must not use up random numbers: tracing leaves generators as they are.
        long seed = x.device().isMeta() ? 0 : rng.nextLong();
        return Dispatch.functionAll(new RRelu(lower, upper, seed), x)[0];
    }

    @Override
    public boolean returnsFirstOnly() {
        return true;
    }

    @Override
    public Reads reads() {
        return Reads.outputs(1);
    }

    @Override
    public Tensor[] vjp(VjpContext context) {
        return new Tensor[] {context.gradOutput().mul(context.output(1).detach())};
    }

    @Override
    public long flops(List<TensorSpec> inputs) {
        return inputs.get(0).shape().numel();
    }

    @Override
    public Signature signature() {
        return Signature.function("torch.nn.functional.rrelu").keyword("lower", lower).keyword("upper", upper)
                .keyword("training", true).keyword("inplace", false);
    }
}
