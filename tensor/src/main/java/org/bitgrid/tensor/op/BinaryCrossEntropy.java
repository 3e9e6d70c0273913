package org.bitgrid.tensor.op;

import java.util.List;
import org.bitgrid.tensor.Check;
import org.bitgrid.tensor.ShapeException;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.TensorSpec;

/**
 * x, y of one shape, x within [0, 1] -> -(y · log x + (1 - y) · log(1 - x)) for each element, each logarithm at least
 * -100, so that a wrong certainty costs much but not everything. The gradient is (x - y) / max(x · (1 - x), 1e-12),
 * which for the same reason is finite at 0 and 1.
 */
public record BinaryCrossEntropy() implements Op {
    /** Least value of a logarithm. */
    public static final double LEAST_LOG = -100;

    private static final double LEAST_VARIANCE = 1e-12;

    @Override
    public String name() {
        return "binary_cross_entropy";
    }

    @Override
    public List<TensorSpec> infer(List<TensorSpec> inputs) {
        Check.count(name(), inputs, 2, 2);
        Check.floating(name(), "input", inputs.get(0));
        Check.sameType(name(), "input", inputs.get(0), "target", inputs.get(1));
        Check.shape(name(), "target", inputs.get(1), inputs.get(0).shape());
        return List.of(inputs.get(0));
    }

    /** The error for an input that kernels meet outside [0, 1]. */
    public static ShapeException badInput(int position, double value) {
        return new ShapeException("binary_cross_entropy", "input is not a probability; got " + value + " at position "
                + position + "; expected 0 to 1; use the form with logits for other numbers");
    }

    @Override
    public Reads reads() {
        return Reads.inputs(0, 1);
    }

    @Override
    public Tensor[] vjp(VjpContext context) {
        Tensor x = context.input(0);
        Tensor grad = context.gradOutput();
        Tensor[] grads = new Tensor[2];
        if (context.needs(0)) {
            Tensor variance = x.mul(x.neg().add(1.0));
            grads[0] = grad.mul(x.sub(context.input(1))).div(
                    PointwiseScalar.apply(Pointwise2.Kind.MAXIMUM, variance, LEAST_VARIANCE));
        }
        if (context.needs(1)) {
            Tensor log = PointwiseScalar.apply(Pointwise2.Kind.MAXIMUM, x.log(), LEAST_LOG);
            Tensor logOther = PointwiseScalar.apply(Pointwise2.Kind.MAXIMUM, x.neg().add(1.0).log(), LEAST_LOG);
            grads[1] = grad.mul(logOther.sub(log));
        }
        return grads;
    }

    @Override
    public long flops(List<TensorSpec> inputs) {
        return 6 * inputs.get(0).shape().numel();
    }

    @Override
    public Signature signature() {
        return Signature.function("torch.nn.functional.binary_cross_entropy");
    }
}
