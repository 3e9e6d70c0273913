package org.bitgrid.tensor.op;

import java.util.List;
import org.bitgrid.tensor.Check;
import org.bitgrid.tensor.Dispatch;
import org.bitgrid.tensor.Shape;
import org.bitgrid.tensor.ShapeException;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.TensorSpec;

/**
 * x (N, C, H, W) -> (N, C·R·S, Ho·Wo): each column holds what one window of a convolution would see, channel by
 * channel; 0 where it reaches into the padding.
 */
public record Unfold(Window2d window) implements Op {
    @Override
    public String name() {
        return "unfold";
    }

    @Override
    public List<TensorSpec> infer(List<TensorSpec> inputs) {
        Check.count(name(), inputs, 1, 1);
        TensorSpec x = inputs.get(0);
        Check.rank(name(), "input", x, 4);
        return List.of(x.withShape(columns(name(), window, x.shape())));
    }

    private static Shape columns(String operation, Window2d window, Shape x) {
        return Shape.of(x.dim(0), x.dim(1) * window.kernelH() * window.kernelW(),
                window.outputHeight(operation, x.dim(2)) * window.outputWidth(operation, x.dim(3)));
    }

    @Override
    public Tensor[] vjp(VjpContext context) {
        Shape shape = context.inputSpec(0).shape();
        return new Tensor[] {Dispatch.apply(new Fold(shape.dim(2), shape.dim(3), window), context.gradOutput())};
    }

    @Override
    public Signature signature() {
        return settings(Signature.function("torch.nn.functional.unfold"), window);
    }

    private static Signature settings(Signature call, Window2d window) {
        return call.keyword("kernel_size", List.of(window.kernelH(), window.kernelW()))
                .keyword("dilation", List.of(window.dilationH(), window.dilationW()))
                .keyword("padding", List.of(window.padH(), window.padW()))
                .keyword("stride", List.of(window.strideH(), window.strideW()));
    }

    /** Columns (N, C·R·S, Ho·Wo) -> (N, C, height, width), each element added where {@link Unfold} took it from. */
    public record Fold(int height, int width, Window2d window) implements Op {
        @Override
        public String name() {
            return "fold";
        }

        @Override
        public List<TensorSpec> infer(List<TensorSpec> inputs) {
            Check.count(name(), inputs, 1, 1);
            TensorSpec columns = inputs.get(0);
            Check.rank(name(), "columns", columns, 3);
            Check.floating(name(), "columns", columns);
            int taps = window.kernelH() * window.kernelW();
            if (columns.shape().dim(1) % taps != 0) {
                throw new ShapeException(name(), "columns must hold windows of " + taps + " elements for each channel; "
                        + "got " + columns.shape());
            }
            Shape x = Shape.of(columns.shape().dim(0), columns.shape().dim(1) / taps, height, width);
            Check.shape(name(), "columns", columns, columns(name(), window, x));
            return List.of(columns.withShape(x));
        }

        @Override
        public Tensor[] vjp(VjpContext context) {
            return new Tensor[] {Dispatch.apply(new Unfold(window), context.gradOutput())};
        }

        @Override
        public long flops(List<TensorSpec> inputs) {
            return inputs.get(0).shape().numel();
        }

        @Override
        public long reductionLength(List<TensorSpec> inputs) {
            return (long) window.kernelH() * window.kernelW();
        }

        @Override
        public Signature signature() {
            return settings(Signature.function("torch.nn.functional.fold").keyword("output_size",
                    List.of(height, width)), window);
        }
    }
}
