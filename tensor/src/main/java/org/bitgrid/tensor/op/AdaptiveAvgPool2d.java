package org.bitgrid.tensor.op;

import java.util.List;
import org.bitgrid.tensor.Check;
import org.bitgrid.tensor.Dispatch;
import org.bitgrid.tensor.Shape;
import org.bitgrid.tensor.ShapeException;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.TensorSpec;

/**
 * x (N, C, H, W) -> (N, C, outputH, outputW): the mean of rows {@link #start} to {@link #end} (exclusive) and of the
 * columns by the same rule, windows that overlap where sizes do not divide.
 */
public record AdaptiveAvgPool2d(int outputH, int outputW) implements Op {
    @Override
    public String name() {
        return "adaptive_avg_pool2d";
    }

    @Override
    public List<TensorSpec> infer(List<TensorSpec> inputs) {
        Check.count(name(), inputs, 1, 1);
        return List.of(inputs.get(0).withShape(pooled(name(), inputs.get(0), outputH, outputW)));
    }

    /** Output shape of any adaptive pooling. */
    static Shape pooled(String operation, TensorSpec x, int outputH, int outputW) {
        Check.floating(operation, "input", x);
        Check.rank(operation, "input", x, 4);
        if (outputH < 1 || outputW < 1) {
            throw new ShapeException(operation, "output size must be at least 1; got (" + outputH + ", " + outputW
                    + ")");
        }
        Shape shape = x.shape();
        if (shape.dim(2) == 0 || shape.dim(3) == 0) {
            throw new ShapeException(operation, "input has no elements to pool; got " + shape);
        }
        return Shape.of(shape.dim(0), shape.dim(1), outputH, outputW);
    }

    /** First input row or column of a window: floor(place · size / outputs). */
    public static int start(int place, int size, int outputs) {
        return (int) ((long) place * size / outputs);
    }

    /** First input row or column after a window: ceil((place + 1) · size / outputs). */
    public static int end(int place, int size, int outputs) {
        return (int) (((place + 1L) * size + outputs - 1) / outputs);
    }

    @Override
    public Tensor[] vjp(VjpContext context) {
        Shape shape = context.inputSpec(0).shape();
        return new Tensor[] {Dispatch.apply(new InputGrad(shape.dim(2), shape.dim(3)), context.gradOutput())};
    }

    @Override
    public long flops(List<TensorSpec> inputs) {
        return infer(inputs).get(0).shape().numel() * reductionLength(inputs);
    }

    @Override
    public long reductionLength(List<TensorSpec> inputs) {
        Shape shape = inputs.get(0).shape();
        return (shape.dim(2) / outputH + 2L) * (shape.dim(3) / outputW + 2L);
    }

    @Override
    public Signature signature() {
        return Signature.function("torch.nn.functional.adaptive_avg_pool2d").with(List.of(outputH, outputW));
    }

    /** Gradient of the input: grad (N, C, Ho, Wo) -> (N, C, height, width). */
    public record InputGrad(int height, int width) implements Op {
        @Override
        public String name() {
            return "adaptive_avg_pool2d_input_grad";
        }

        @Override
        public List<TensorSpec> infer(List<TensorSpec> inputs) {
            Check.count(name(), inputs, 1, 1);
            TensorSpec grad = inputs.get(0);
            Check.rank(name(), "gradient", grad, 4);
            return List.of(grad.withShape(Shape.of(grad.shape().dim(0), grad.shape().dim(1), height, width)));
        }

        @Override
        public Tensor[] vjp(VjpContext context) {
            Shape grad = context.inputSpec(0).shape();
            return new Tensor[] {Dispatch.apply(new AdaptiveAvgPool2d(grad.dim(2), grad.dim(3)),
                    context.gradOutput())};
        }

        @Override
        public long flops(List<TensorSpec> inputs) {
            return infer(inputs).get(0).shape().numel() * reductionLength(inputs);
        }

        /** How many windows can share an element. */
        @Override
        public long reductionLength(List<TensorSpec> inputs) {
            Shape grad = inputs.get(0).shape();
            return (grad.dim(2) / Math.max(1, height) + 2L) * (grad.dim(3) / Math.max(1, width) + 2L);
        }
    }
}
