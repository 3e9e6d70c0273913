package org.bitgrid.tensor.op;

import java.util.List;
import org.bitgrid.tensor.Check;
import org.bitgrid.tensor.Dispatch;
import org.bitgrid.tensor.ShapeException;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.TensorSpec;

/**
 * x (…), scale broadcast to x -> the nearest numbers of a floating-point format, times scale: with v = x / scale,
 * e = max(floor(log2 |v|), minExponent) and step = 2^(e - mantissaBits), y = round(v / step) · step · scale, halves
 * rounded to even. NaN stays NaN.
 *
 * @param mantissaBits    M
 * @param minExponent     exponent of the smallest normal number; numbers below are evenly spaced
 * @param max             largest finite number
 * @param saturating      whether larger numbers become ±max; otherwise they become infinite, or NaN when
 *                        {@code finite}
 * @param finite          whether the format has no infinities
 * @param straightThrough whether the gradient passes where |v| is below max; otherwise it is 0, as that of rounding is
 */
public record FloatFakeQuantize(int mantissaBits, int minExponent, double max, boolean saturating, boolean finite,
                                boolean straightThrough) implements Op {
    public FloatFakeQuantize {
        if (mantissaBits < 0 || mantissaBits > 23 || minExponent < -126 - 23 || !(max > 0 && max <= Float.MAX_VALUE)) {
            throw new ShapeException("float_fake_quantize", "not a format within float32; got " + mantissaBits
                    + " mantissa bits, lowest exponent " + minExponent + ", max " + max);
        }
    }

    @Override
    public String name() {
        return "float_fake_quantize";
    }

    @Override
    public List<TensorSpec> infer(List<TensorSpec> inputs) {
        Check.count(name(), inputs, 2, 2);
        return List.of(FakeQuantize.checkInputs(name(), inputs.get(0), inputs.get(1), inputs.get(1)));
    }

    @Override
    public Reads reads() {
        return Reads.inputs(0, 1);
    }

    @Override
    public Tensor[] vjp(VjpContext context) {
        return new Tensor[] {Dispatch.apply(new InputGrad(max, straightThrough), context.gradOutput(), context.input(0),
                context.input(1)), null};
    }

    @Override
    public long flops(List<TensorSpec> inputs) {
        return 8 * inputs.get(0).shape().numel();
    }

    /** g (…), x (…), scale -> g where |x / scale| is below max and the gradient passes at all, else 0. */
    public record InputGrad(double max, boolean straightThrough) implements Op {
        @Override
        public String name() {
            return "float_fake_quantize_input_grad";
        }

        @Override
        public List<TensorSpec> infer(List<TensorSpec> inputs) {
            Check.count(name(), inputs, 3, 3);
            Check.shape(name(), "gradient", inputs.get(0), inputs.get(1).shape());
            return List.of(FakeQuantize.checkInputs(name(), inputs.get(1), inputs.get(2), inputs.get(2)));
        }

        @Override
        public Reads reads() {
            return Reads.inputs(1, 2);
        }

        @Override
        public Tensor[] vjp(VjpContext context) {
            return new Tensor[] {Dispatch.apply(this, context.gradOutput(), context.input(1), context.input(2)), null,
                    null};
        }

        @Override
        public long flops(List<TensorSpec> inputs) {
            return 2 * inputs.get(0).shape().numel();
        }
    }
}
