package org.bitgrid.tensor.op;

import java.util.List;
import org.bitgrid.tensor.Check;
import org.bitgrid.tensor.Dispatch;
import org.bitgrid.tensor.Shape;
import org.bitgrid.tensor.ShapeException;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.TensorSpec;

/**
 * x (N, C, H, W) -> mean of each window (N, C, Ho, Wo). The divisor is {@code divisorOverride} when that is not 0, else
 * the number of window elements inside the padded input (what overhangs it in ceil mode never counts), or inside the
 * input itself when {@code countIncludePad} is false.
 *
 * @param window          its dilation must be 1
 * @param divisorOverride 0 for none
 */
public record AvgPool2d(Window2d window, boolean ceilMode, boolean countIncludePad, int divisorOverride)
        implements Op {
    public AvgPool2d {
        if (window.dilationH() != 1 || window.dilationW() != 1) {
            throw new ShapeException("avg_pool2d", "dilation must be 1; got (" + window.dilationH() + ", "
                    + window.dilationW() + ")");
        }
        if (divisorOverride < 0) {
            throw new ShapeException("avg_pool2d", "divisor must be positive, or 0 for none; got " + divisorOverride);
        }
    }

    @Override
    public String name() {
        return "avg_pool2d";
    }

    @Override
    public List<TensorSpec> infer(List<TensorSpec> inputs) {
        Check.count(name(), inputs, 1, 1);
        Check.floating(name(), "input", inputs.get(0));
        return List.of(inputs.get(0).withShape(MaxPool2d.pooled(name(), inputs.get(0), window, ceilMode)));
    }

    /** What the sum of the window at output place (row, column) of an input of this size is divided by. */
    public int divisor(int row, int column, int height, int width) {
        if (divisorOverride != 0) {
            return divisorOverride;
        }
        return extent(row, window.kernelH(), window.strideH(), window.padH(), height)
                * extent(column, window.kernelW(), window.strideW(), window.padW(), width);
    }

    private int extent(int place, int kernel, int stride, int pad, int size) {
        int start = place * stride - pad;
        int end = Math.min(start + kernel, size + pad);
        return countIncludePad ? end - start : Math.min(end, size) - Math.max(start, 0);
    }

    @Override
    public Tensor[] vjp(VjpContext context) {
        Shape shape = context.inputSpec(0).shape();
        return new Tensor[] {Dispatch.apply(new InputGrad(this, shape.dim(2), shape.dim(3)), context.gradOutput())};
    }

    @Override
    public long flops(List<TensorSpec> inputs) {
        return infer(inputs).get(0).shape().numel() * window.kernelH() * window.kernelW();
    }

    @Override
    public long reductionLength(List<TensorSpec> inputs) {
        return (long) window.kernelH() * window.kernelW();
    }

    @Override
    public Signature signature() {
        return Signature.function("torch._C._nn.avg_pool2d").with(List.of(window.kernelH(), window.kernelW()))
                .keyword("stride", List.of(window.strideH(), window.strideW()))
                .keyword("padding", List.of(window.padH(), window.padW())).keyword("ceil_mode", ceilMode)
                .keyword("count_include_pad", countIncludePad);
    }

    /**
     * Gradient of the input: grad (N, C, Ho, Wo) -> (N, C, height, width), each grad divided as its window was and
     * added to all of the window's elements.
     */
    public record InputGrad(AvgPool2d pool, int height, int width) implements Op {
        @Override
        public String name() {
            return "avg_pool2d_input_grad";
        }

        @Override
        public List<TensorSpec> infer(List<TensorSpec> inputs) {
            Check.count(name(), inputs, 1, 1);
            TensorSpec grad = inputs.get(0);
            Check.rank(name(), "gradient", grad, 4);
            TensorSpec x = grad.withShape(Shape.of(grad.shape().dim(0), grad.shape().dim(1), height, width));
            Check.shape(name(), "gradient", grad, MaxPool2d.pooled(name(), x, pool.window, pool.ceilMode));
            return List.of(x);
        }

        @Override
        public Tensor[] vjp(VjpContext context) {
            return new Tensor[] {Dispatch.apply(pool, context.gradOutput())};
        }

        @Override
        public long flops(List<TensorSpec> inputs) {
            return inputs.get(0).shape().numel() * pool.window.kernelH() * pool.window.kernelW();
        }

        @Override
        public long reductionLength(List<TensorSpec> inputs) {
            return (long) pool.window.kernelH() * pool.window.kernelW();
        }
    }
}
