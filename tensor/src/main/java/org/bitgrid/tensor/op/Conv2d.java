package org.bitgrid.tensor.op;

import java.util.List;
import org.bitgrid.tensor.Check;
import org.bitgrid.tensor.Dispatch;
import org.bitgrid.tensor.Shape;
import org.bitgrid.tensor.ShapeException;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.TensorSpec;

/**
 * x (N, C, H, W), weight (K, C/groups, R, S), optional bias (K) -> (N, K, Ho, Wo), with Ho and Wo as in
 * {@link Window2d}. A correlation, as in every deep learning library: the kernel is not flipped. Output channel k sees
 * the input channels of its group k / (K/groups) only.
 *
 * @param window kernel size (R, S), strides, zero padding and dilation
 * @param groups number of groups; divides C and K
 */
public record Conv2d(Window2d window, int groups) implements Op {
    @Override
    public String name() {
        return "conv2d";
    }

    @Override
    public List<TensorSpec> infer(List<TensorSpec> inputs) {
        Check.count(name(), inputs, 2, 3);
        TensorSpec x = inputs.get(0);
        TensorSpec weight = inputs.get(1);
        Check.rank(name(), "input", x, 4);
        checkWeight(name(), window, groups, weight);
        Check.floating(name(), "input", x);
        Check.sameType(name(), "input", x, "weight", weight);
        int channels = x.shape().dim(1);
        int filters = weight.shape().dim(0);
        int expected = weight.shape().dim(1) * groups;
        if (channels != expected) {
            throw new ShapeException(name(), "input has " + channels + " channels but weight expects " + expected
                    + " (input " + x.shape() + ", weight " + weight.shape() + ", groups " + groups + ")");
        }
        if (inputs.size() == 3) {
            Check.shape(name(), "bias", inputs.get(2), Shape.of(filters));
            Check.sameType(name(), "input", x, "bias", inputs.get(2));
        }
        return List.of(x.withShape(Shape.of(x.shape().dim(0), filters, window.outputHeight(name(), x.shape().dim(2)),
                window.outputWidth(name(), x.shape().dim(3)))));
    }

    private static void checkWeight(String operation, Window2d window, int groups, TensorSpec weight) {
        Check.rank(operation, "weight", weight, 4);
        Shape shape = weight.shape();
        if (groups < 1 || shape.dim(0) % groups != 0) {
            throw new ShapeException(operation, "groups must divide the output channels; got groups " + groups
                    + " for weight " + shape);
        }
        if (shape.dim(2) != window.kernelH() || shape.dim(3) != window.kernelW()) {
            throw new ShapeException(operation, "weight does not match the window; got weight " + shape
                    + "; expected kernel size (" + window.kernelH() + ", " + window.kernelW() + ")");
        }
    }

    @Override
    public Reads reads() {
        return Reads.inputs(0, 1);
    }

    @Override
    public Tensor[] vjp(VjpContext context) {
        Tensor grad = context.gradOutput();
        Tensor[] grads = new Tensor[context.inputCount()];
        if (context.needs(0)) {
            Shape shape = context.inputSpec(0).shape();
            grads[0] = Dispatch.apply(new InputGrad(window, groups, shape.dim(2), shape.dim(3)), grad,
                    context.input(1));
        }
        if (context.needs(1)) {
            grads[1] = Dispatch.apply(new WeightGrad(window, groups), context.input(0), grad);
        }
        if (grads.length == 3 && context.needs(2)) {
            grads[2] = grad.sum(List.of(0, 2, 3), false);
        }
        return grads;
    }

    @Override
    public long flops(List<TensorSpec> inputs) {
        return 2 * infer(inputs).get(0).shape().numel() * taps(inputs.get(1));
    }

    @Override
    public long reductionLength(List<TensorSpec> inputs) {
        return taps(inputs.get(1)) + (inputs.size() == 3 ? 1 : 0);
    }

    /** Products added into one output element: C/groups · R · S. */
    private static long taps(TensorSpec weight) {
        return weight.shape().slice(1, 4).numel();
    }

    @Override
    public Signature signature() {
        return Signature.function("torch.conv2d").keyword("stride", List.of(window.strideH(), window.strideW()))
                .keyword("padding", List.of(window.padH(), window.padW()))
                .keyword("dilation", List.of(window.dilationH(), window.dilationW())).keyword("groups", groups);
    }

    /**
     * Gradient of the input, and by the same token the transposed convolution: grad (N, K, Ho, Wo),
     * weight (K, C/groups, R, S) -> (N, C, height, width). Each grad element is spread over the input elements that its
     * window saw.
     *
     * @param height H of the input
     * @param width  W of the input
     */
    public record InputGrad(Window2d window, int groups, int height, int width) implements Op {
        @Override
        public String name() {
            return "conv2d_input_grad";
        }

        @Override
        public List<TensorSpec> infer(List<TensorSpec> inputs) {
            Check.count(name(), inputs, 2, 2);
            TensorSpec grad = inputs.get(0);
            TensorSpec weight = inputs.get(1);
            Check.rank(name(), "gradient", grad, 4);
            checkWeight(name(), window, groups, weight);
            Check.sameType(name(), "gradient", grad, "weight", weight);
            int samples = grad.shape().dim(0);
            Check.shape(name(), "gradient", grad, Shape.of(samples, weight.shape().dim(0),
                    window.outputHeight(name(), height), window.outputWidth(name(), width)));
            return List.of(grad.withShape(Shape.of(samples, weight.shape().dim(1) * groups, height, width)));
        }

        @Override
        public Reads reads() {
            return Reads.inputs(0, 1);
        }

        @Override
        public Tensor[] vjp(VjpContext context) {
            Tensor upstream = context.gradOutput();
            return new Tensor[] {
                context.needs(0) ? Dispatch.apply(new Conv2d(window, groups), upstream, context.input(1)) : null,
                context.needs(1) ? Dispatch.apply(new WeightGrad(window, groups), upstream, context.input(0)) : null};
        }

        @Override
        public long flops(List<TensorSpec> inputs) {
            return 2 * inputs.get(0).shape().numel() * taps(inputs.get(1));
        }

        /** At most every filter of the group at every tap: K/groups · R · S. */
        @Override
        public long reductionLength(List<TensorSpec> inputs) {
            Shape weight = inputs.get(1).shape();
            return (long) weight.dim(0) / groups * weight.dim(2) * weight.dim(3);
        }
    }

    /** Gradient of the weight: x (N, C, H, W), grad (N, K, Ho, Wo) -> (K, C/groups, R, S). */
    public record WeightGrad(Window2d window, int groups) implements Op {
        @Override
        public String name() {
            return "conv2d_weight_grad";
        }

        @Override
        public List<TensorSpec> infer(List<TensorSpec> inputs) {
            Check.count(name(), inputs, 2, 2);
            TensorSpec x = inputs.get(0);
            TensorSpec grad = inputs.get(1);
            Check.rank(name(), "input", x, 4);
            Check.rank(name(), "gradient", grad, 4);
            Check.sameType(name(), "input", x, "gradient", grad);
            Shape shape = x.shape();
            int filters = grad.shape().dim(1);
            if (groups < 1 || shape.dim(1) % groups != 0 || filters % groups != 0) {
                throw new ShapeException(name(), "groups must divide the input and output channels; got groups "
                        + groups + " for input " + shape + " and gradient " + grad.shape());
            }
            Check.shape(name(), "gradient", grad, Shape.of(shape.dim(0), filters,
                    window.outputHeight(name(), shape.dim(2)), window.outputWidth(name(), shape.dim(3))));
            return List.of(x.withShape(Shape.of(filters, shape.dim(1) / groups, window.kernelH(), window.kernelW())));
        }

        @Override
        public Reads reads() {
            return Reads.inputs(0, 1);
        }

        @Override
        public Tensor[] vjp(VjpContext context) {
            Tensor upstream = context.gradOutput();
            Shape shape = context.inputSpec(0).shape();
            return new Tensor[] {
                context.needs(0) ? Dispatch.apply(new InputGrad(window, groups, shape.dim(2), shape.dim(3)),
                        context.input(1), upstream) : null,
                context.needs(1) ? Dispatch.apply(new Conv2d(window, groups), context.input(0), upstream) : null};
        }

        @Override
        public long flops(List<TensorSpec> inputs) {
            return 2 * inputs.get(1).shape().numel() * taps(infer(inputs).get(0));
        }

        /** Every window of every sample: N · Ho · Wo. */
        @Override
        public long reductionLength(List<TensorSpec> inputs) {
            Shape grad = inputs.get(1).shape();
            return (long) grad.dim(0) * grad.dim(2) * grad.dim(3);
        }
    }
}
