package org.bitgrid.tensor.op;

import java.util.ArrayList;
import java.util.List;
import org.bitgrid.tensor.Check;
import org.bitgrid.tensor.Dispatch;
import org.bitgrid.tensor.Shape;
import org.bitgrid.tensor.ShapeException;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.TensorSpec;

/**
 * x (N, C, D, H, W), weight (C, K/groups, Q, R, S), optional bias (K) -> (N, K, Do, Ho, Wo), sizes as in
 * {@link ConvTranspose2d}: for each of the Q depths of the kernel one of those of all planes, added at their depths.
 *
 * @param outputPaddingD planes added to the output at its end, fewer than the stride in depth
 */
public record ConvTranspose3d(Window3d window, int outputPaddingD, int outputPaddingH, int outputPaddingW, int groups)
        implements ComposedOp {
    @Override
    public String name() {
        return "conv_transpose3d";
    }

    private ConvTranspose2d plane() {
        return new ConvTranspose2d(window.plane(), outputPaddingH, outputPaddingW, groups);
    }

    @Override
    public List<TensorSpec> infer(List<TensorSpec> inputs) {
        Check.count(name(), inputs, 2, 3);
        TensorSpec x = inputs.get(0);
        TensorSpec weight = inputs.get(1);
        Check.rank(name(), "input", x, 5);
        Check.rank(name(), "weight", weight, 5);
        Check.shape(name(), "weight", weight, weight.shape().slice(0, 2).concat(window.kernel()));
        List<TensorSpec> flat = new ArrayList<>(inputs);
        for (int i = 0; i < 2; i++) {
            flat.set(i, inputs.get(i).withShape(inputs.get(i).shape().without(2)));
        }
        Shape out = plane().infer(flat).get(0).shape();
        if (outputPaddingD < 0 || outputPaddingD >= window.strideD()) {
            throw new ShapeException(name(), "output padding must be less than the stride; got " + outputPaddingD
                    + " for stride " + window.strideD() + " in depth");
        }
        int depth = depth(x.shape());
        if (depth < 1) {
            throw new ShapeException(name(), "output would be empty; got depth " + depth + " from " + x.shape());
        }
        return List.of(x.withShape(Shape.of(out.dim(0), out.dim(1), depth, out.dim(2), out.dim(3))));
    }

    private int depth(Shape x) {
        return whole(x) - 2 * window.padD();
    }

    /** Output depth before padding is cut off. */
    private int whole(Shape x) {
        return (x.dim(2) - 1) * window.strideD() + window.dilationD() * (window.kernelD() - 1) + outputPaddingD + 1;
    }

    @Override
    public Tensor[] decompose(Tensor[] inputs) {
        Shape shape = inputs[0].spec().shape();
        int samples = shape.dim(0);
        int depth = shape.dim(2);
        Tensor planes = inputs[0].transpose(1, 2).reshape(samples * depth, shape.dim(1), shape.dim(3), shape.dim(4));
        Tensor sum = null;
        for (int q = 0; q < window.kernelD(); q++) {
            Tensor part = Dispatch.apply(plane(), planes, inputs[1].select(2, q).contiguous());
            Shape out = part.spec().shape();
            Tensor deep = part.reshape(samples, depth, out.dim(1), out.dim(2), out.dim(3)).transpose(1, 2);
            long first = (long) q * window.dilationD();
            Slice places = new Slice(2, first, first + (depth - 1L) * window.strideD() + 1, window.strideD());
            Tensor placed = Slice.Grad.apply(places, deep, deep.spec().withShape(deep.spec().shape()
                    .with(2, whole(shape))));
            sum = sum == null ? placed : sum.add(placed);
        }
        Tensor y = sum.narrow(2, window.padD(), depth(shape));
        return new Tensor[] {inputs.length == 2 ? y.contiguous() : y.add(inputs[2].reshape(1, -1, 1, 1, 1))};
    }

    @Override
    public long flops(List<TensorSpec> inputs) {
        return 2 * inputs.get(0).shape().numel() * inputs.get(1).shape().slice(1, 5).numel();
    }

    @Override
    public long reductionLength(List<TensorSpec> inputs) {
        Shape weight = inputs.get(1).shape();
        return weight.dim(0) / groups * window.kernel().numel() + 1;
    }

    @Override
    public Signature signature() {
        Window2d plane = window.plane();
        return Signature.function("torch.nn.functional.conv_transpose3d")
                .keyword("stride", List.of(window.strideD(), plane.strideH(), plane.strideW()))
                .keyword("padding", List.of(window.padD(), plane.padH(), plane.padW()))
                .keyword("output_padding", List.of(outputPaddingD, outputPaddingH, outputPaddingW))
                .keyword("groups", groups)
                .keyword("dilation", List.of(window.dilationD(), plane.dilationH(), plane.dilationW()));
    }
}
