package org.bitgrid.tensor.op;

import java.util.List;
import org.bitgrid.tensor.Check;
import org.bitgrid.tensor.DType;
import org.bitgrid.tensor.Dispatch;
import org.bitgrid.tensor.DTypeException;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.TensorSpec;

/**
 * x (…), scale, offset, both broadcast to x -> codes clamp(round(x / scale) - offset, qmin, qmax), whole numbers of x's
 * floating type, halves rounded to even. Every step is rounded to the type of x.
 *
 * <p>With mask = 1 where the code before clamping lies in [qmin, qmax], else 0, the gradients are (g · mask) / scale
 * for x, the sum of -g · mask / scale · (x / scale) for scale and the sum of -g · mask for offset.
 */
public record Quantize(long qmin, long qmax) implements Op {
    public Quantize {
        FakeQuantize.checkGrid("quantize", qmin, qmax);
    }

    @Override
    public String name() {
        return "quantize";
    }

    @Override
    public List<TensorSpec> infer(List<TensorSpec> inputs) {
        Check.count(name(), inputs, 3, 3);
        TensorSpec x = FakeQuantize.checkInputs(name(), inputs.get(0), inputs.get(1), inputs.get(2));
        if (x.dtype() == DType.FLOAT32 && FakeQuantize.needsDouble(qmin, qmax)) {
            throw new DTypeException(name(), "float32 cannot represent all codes of the grid; got qmin " + qmin
                    + " and qmax " + qmax + "; cast the input with .to(DType.FLOAT64)");
        }
        return List.of(x);
    }

    @Override
    public Reads reads() {
        return Reads.inputs(0, 1, 2);
    }

    @Override
    public Tensor[] vjp(VjpContext context) {
        return Dispatch.applyAll(new Grad(qmin, qmax), context.gradOutput(), context.input(0), context.input(1),
                context.input(2));
    }

    @Override
    public long flops(List<TensorSpec> inputs) {
        return 4 * inputs.get(0).shape().numel();
    }

    /** All three gradients: g (…), x (…), scale, offset -> gradients of x, scale and offset; sums are FLOAT64. */
    public record Grad(long qmin, long qmax) implements NotDifferentiable {
        @Override
        public String name() {
            return "quantize_grad";
        }

        @Override
        public String reason() {
            return "the gradient of a code is a step function of the range";
        }

        @Override
        public List<TensorSpec> infer(List<TensorSpec> inputs) {
            Check.count(name(), inputs, 4, 4);
            Check.shape(name(), "gradient", inputs.get(0), inputs.get(1).shape());
            TensorSpec x = FakeQuantize.checkInputs(name(), inputs.get(1), inputs.get(2), inputs.get(3));
            return List.of(x, inputs.get(2), inputs.get(3));
        }

        @Override
        public long flops(List<TensorSpec> inputs) {
            return 9 * inputs.get(0).shape().numel();
        }

        @Override
        public long reductionLength(List<TensorSpec> inputs) {
            return inputs.get(0).shape().numel() / Math.max(1, inputs.get(2).shape().numel());
        }
    }
}
