package org.bitgrid.tensor.op;

import java.util.List;
import org.bitgrid.tensor.Check;
import org.bitgrid.tensor.DType;
import org.bitgrid.tensor.Dispatch;
import org.bitgrid.tensor.Shape;
import org.bitgrid.tensor.ShapeException;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.TensorSpec;

/**
 * x (N, C, H, W) -> largest element of each window (N, C, Ho, Wo), and its place h · W + w (INT64, same shape). Of
 * equal elements the first in row-major order wins, NaN wins over everything; padding never does.
 *
 * @param ceilMode whether a last window that overhangs the input counts, see {@link Window2d#outputSize}
 */
public record MaxPool2d(Window2d window, boolean ceilMode) implements Op {
    @Override
    public String name() {
        return "max_pool2d";
    }

    @Override
    public List<TensorSpec> infer(List<TensorSpec> inputs) {
        Check.count(name(), inputs, 1, 1);
        TensorSpec x = inputs.get(0);
        Check.floating(name(), "input", x);
        TensorSpec y = x.withShape(pooled(name(), x, window, ceilMode));
        return List.of(y, y.withDType(DType.INT64));
    }

    /** Output shape of any pooling over a window. */
    static Shape pooled(String operation, TensorSpec x, Window2d window, boolean ceilMode) {
        Check.rank(operation, "input", x, 4);
        // Half of the kernel at most, so that every window holds at least one element of the input.
        if (2 * window.padH() > window.kernelH() || 2 * window.padW() > window.kernelW()) {
            throw new ShapeException(operation, "padding must be at most half of the kernel; got padding ("
                    + window.padH() + ", " + window.padW() + ") for kernel (" + window.kernelH() + ", "
                    + window.kernelW() + ")");
        }
        Shape shape = x.shape();
        if (shape.dim(2) == 0 || shape.dim(3) == 0) {
            throw new ShapeException(operation, "input has no elements to pool; got " + shape);
        }
        return Shape.of(shape.dim(0), shape.dim(1),
                Window2d.outputSize(operation, "height", shape.dim(2), window.kernelH(), window.strideH(),
                        window.padH(), window.dilationH(), ceilMode),
                Window2d.outputSize(operation, "width", shape.dim(3), window.kernelW(), window.strideW(),
                        window.padW(), window.dilationW(), ceilMode));
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
        Shape shape = context.inputSpec(0).shape();
        return new Tensor[] {Dispatch.apply(new InputGrad(shape.dim(2), shape.dim(3)), context.gradOutput(),
                context.output(1))};
    }

    @Override
    public long flops(List<TensorSpec> inputs) {
        return infer(inputs).get(0).shape().numel() * window.kernelH() * window.kernelW();
    }

    @Override
    public Signature signature() {
        return Signature.function("torch.nn.functional.max_pool2d")
                .with(List.of(window.kernelH(), window.kernelW()))
                .keyword("stride", List.of(window.strideH(), window.strideW()))
                .keyword("padding", List.of(window.padH(), window.padW()))
                .keyword("dilation", List.of(window.dilationH(), window.dilationW()))
                .keyword("ceil_mode", ceilMode).keyword("return_indices", false);
    }

    /**
     * Gradient of the input, also that of adaptive max pooling: grad (N, C, Ho, Wo), places (INT64, same shape) ->
     * (N, C, height, width), each grad added where its largest element was.
     */
    public record InputGrad(int height, int width) implements Op {
        @Override
        public String name() {
            return "max_pool2d_input_grad";
        }

        @Override
        public List<TensorSpec> infer(List<TensorSpec> inputs) {
            Check.count(name(), inputs, 2, 2);
            TensorSpec grad = inputs.get(0);
            Check.rank(name(), "gradient", grad, 4);
            Check.shape(name(), "places", inputs.get(1), grad.shape());
            return List.of(grad.withShape(Shape.of(grad.shape().dim(0), grad.shape().dim(1), height, width)));
        }

        @Override
        public Reads reads() {
            return Reads.inputs(1);
        }

        @Override
        public Tensor[] vjp(VjpContext context) {
            Tensor places = context.input(1);
            Tensor chosen = context.gradOutput().flatten(2).gather(2, places.flatten(2));
            return new Tensor[] {chosen.reshape(context.inputSpec(0).shape().toArray()), null};
        }

        @Override
        public long flops(List<TensorSpec> inputs) {
            return inputs.get(0).shape().numel();
        }

        /** No more windows than there are outputs in a plane. */
        @Override
        public long reductionLength(List<TensorSpec> inputs) {
            return inputs.get(0).shape().slice(2, 4).numel();
        }
    }
}
