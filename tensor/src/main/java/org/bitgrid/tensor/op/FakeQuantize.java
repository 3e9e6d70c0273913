package org.bitgrid.tensor.op;

import java.util.List;
import org.bitgrid.tensor.Check;
import org.bitgrid.tensor.Dispatch;
import org.bitgrid.tensor.Shape;
import org.bitgrid.tensor.ShapeException;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.TensorSpec;

/**
 * x (…), scale, offset, both broadcast to x -> the nearest number on the grid:
 * y = (clamp(round(x / scale - z) - offset, qmin, qmax) + offset + z) · scale, halves rounded to even, offsets whole.
 *
 * <p>Every step is rounded to FLOAT32, so that codes have the same bits everywhere; grids of more than 2^21 steps are
 * computed in FLOAT64, as are FLOAT64 tensors. NaN stays NaN, infinities clip.
 *
 * <p>The gradient passes x by where the code before clamping lies in [qmin, qmax] and is 0 elsewhere (straight-through
 * estimator). Inside the grid scale gets g · (round(t) - t) with t = x / scale - z, outside g · (offset + qmin) or
 * g · (offset + qmax); offset gets g · scale outside and 0 inside.
 *
 * @param qmin           lowest code
 * @param qmax           highest code
 * @param zeroPointShift z: 0, or 0.5 for a grid without zero
 * @param reciprocal     whether x / scale is computed as x · (1 / scale), 1 / scale being rounded first: what AIMET
 *                       does where the range gets no gradient; codes differ by one where x / scale is within two
 *                       roundings of a half
 */
public record FakeQuantize(long qmin, long qmax, double zeroPointShift, boolean reciprocal) implements Op {
    /** Grids with more steps than this are computed in FLOAT64. */
    private static final long MOST_FLOAT32_STEPS = 1 << 21;

    public FakeQuantize {
        checkGrid("fake_quantize", qmin, qmax);
        if (reciprocal && zeroPointShift != 0) {
            throw new ShapeException("fake_quantize", "a shifted grid is computed by division; got zeroPointShift "
                    + zeroPointShift + " with reciprocal");
        }
    }

    static void checkGrid(String operation, long qmin, long qmax) {
        if (qmin >= qmax) {
            throw new ShapeException(operation, "qmax should be strictly larger than qmin; got " + qmin + " and "
                    + qmax);
        }
    }

    /** Whether FLOAT32 is too coarse for this grid. */
    public static boolean needsDouble(long qmin, long qmax) {
        long largest = Math.max(Math.abs(qmin), Math.abs(qmax));
        return qmax - qmin > MOST_FLOAT32_STEPS || largest > 2 * MOST_FLOAT32_STEPS;
    }

    /** The shape of x, once scale and offset are known to fit it. */
    static TensorSpec checkInputs(String operation, TensorSpec x, TensorSpec scale, TensorSpec offset) {
        Check.floating(operation, "input", x);
        Check.sameType(operation, "input", x, "scale", scale);
        Check.sameType(operation, "input", x, "offset", offset);
        Check.shape(operation, "offset", offset, scale.shape());
        Shape from = scale.shape();
        int lead = x.shape().rank() - from.rank();
        boolean fits = lead >= 0;
        for (int i = 0; fits && i < from.rank(); i++) {
            fits = from.dim(i) == 1 || from.dim(i) == x.shape().dim(lead + i);
        }
        if (!fits) {
            throw new ShapeException(operation, "scale of shape " + from + " cannot be expanded like input tensor of "
                    + "shape " + x.shape() + "; expected sizes of 1 or those of the input, aligned at the last one");
        }
        return x;
    }

    @Override
    public String name() {
        return "fake_quantize";
    }

    @Override
    public List<TensorSpec> infer(List<TensorSpec> inputs) {
        Check.count(name(), inputs, 3, 3);
        return List.of(checkInputs(name(), inputs.get(0), inputs.get(1), inputs.get(2)));
    }

    @Override
    public Reads reads() {
        return Reads.inputs(0, 1, 2);
    }

    @Override
    public Tensor[] vjp(VjpContext context) {
        Tensor x = context.input(0);
        Tensor scale = context.input(1);
        Tensor offset = context.input(2);
        if (!context.needs(1) && !context.needs(2)) {
            Tensor grad = Dispatch.apply(new InputGrad(qmin, qmax, zeroPointShift, reciprocal), context.gradOutput(),
                    x, scale, offset);
            return new Tensor[] {grad, null, null};
        }
        return Dispatch.applyAll(new Grad(qmin, qmax, zeroPointShift, reciprocal), context.gradOutput(), x, scale,
                offset);
    }

    @Override
    public long flops(List<TensorSpec> inputs) {
        return 6 * inputs.get(0).shape().numel();
    }

    /** Straight-through gradient: g (…), x (…), scale, offset -> g where the code lies on the grid, else 0. */
    public record InputGrad(long qmin, long qmax, double zeroPointShift, boolean reciprocal) implements Op {
        @Override
        public String name() {
            return "fake_quantize_input_grad";
        }

        @Override
        public List<TensorSpec> infer(List<TensorSpec> inputs) {
            Check.count(name(), inputs, 4, 4);
            Check.shape(name(), "gradient", inputs.get(0), inputs.get(1).shape());
            return List.of(checkInputs(name(), inputs.get(1), inputs.get(2), inputs.get(3)));
        }

        @Override
        public Reads reads() {
            return Reads.inputs(1, 2, 3);
        }

        /** Linear in g and constant in the others almost everywhere. */
        @Override
        public Tensor[] vjp(VjpContext context) {
            return new Tensor[] {Dispatch.apply(this, context.gradOutput(), context.input(1), context.input(2),
                    context.input(3)), null, null, null};
        }

        @Override
        public long flops(List<TensorSpec> inputs) {
            return 6 * inputs.get(0).shape().numel();
        }
    }

    /**
     * All three gradients in one pass: g (…), x (…), scale, offset -> gradients of x, scale and offset. Terms are
     * FLOAT32, their sums FLOAT64.
     */
    public record Grad(long qmin, long qmax, double zeroPointShift, boolean reciprocal) implements NotDifferentiable {
        @Override
        public String name() {
            return "fake_quantize_grad";
        }

        @Override
        public String reason() {
            return "the gradient of a learned range is a step function of it";
        }

        @Override
        public List<TensorSpec> infer(List<TensorSpec> inputs) {
            Check.count(name(), inputs, 4, 4);
            Check.shape(name(), "gradient", inputs.get(0), inputs.get(1).shape());
            TensorSpec x = checkInputs(name(), inputs.get(1), inputs.get(2), inputs.get(3));
            return List.of(x, inputs.get(2), inputs.get(3));
        }

        @Override
        public long flops(List<TensorSpec> inputs) {
            return 10 * inputs.get(0).shape().numel();
        }

        @Override
        public long reductionLength(List<TensorSpec> inputs) {
            return inputs.get(0).shape().numel() / Math.max(1, inputs.get(2).shape().numel());
        }
    }
}
