package org.bitgrid.tensor.op;

import java.util.ArrayList;
import java.util.List;
import org.bitgrid.tensor.Check;
import org.bitgrid.tensor.Dispatch;
import org.bitgrid.tensor.Shape;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.TensorSpec;

/**
 * x (N, C, D, H, W), weight (K, C/groups, Q, R, S), optional bias (K) -> (N, K, Do, Ho, Wo): for each of the Q depths
 * of the kernel a {@link Conv2d} of all planes that it meets, added up.
 */
public record Conv3d(Window3d window, int groups) implements ComposedOp {
    @Override
    public String name() {
        return "conv3d";
    }

    private Conv2d plane() {
        return new Conv2d(window.plane(), groups);
    }

    @Override
    public List<TensorSpec> infer(List<TensorSpec> inputs) {
        Check.count(name(), inputs, 2, 3);
        TensorSpec x = inputs.get(0);
        TensorSpec weight = inputs.get(1);
        Check.rank(name(), "input", x, 5);
        Check.rank(name(), "weight", weight, 5);
        Check.shape(name(), "weight", weight, weight.shape().slice(0, 2).concat(window.kernel()));
        TensorSpec flat = plane().infer(planes(inputs)).get(0);
        int depth = window.outputDepth(name(), x.shape().dim(2));
        Shape out = flat.shape();
        return List.of(x.withShape(Shape.of(out.dim(0), out.dim(1), depth, out.dim(2), out.dim(3))));
    }

    /** The same without depth. */
    private static List<TensorSpec> planes(List<TensorSpec> inputs) {
        List<TensorSpec> flat = new ArrayList<>(inputs);
        for (int i = 0; i < 2; i++) {
            flat.set(i, inputs.get(i).withShape(inputs.get(i).shape().without(2)));
        }
        return flat;
    }

    @Override
    public Tensor[] decompose(Tensor[] inputs) {
        Tensor x = inputs[0];
        Shape shape = x.spec().shape();
        int depth = window.outputDepth(name(), shape.dim(2));
        if (window.padD() > 0) {
            x = x.pad(0, 0, 0, 0, 0, window.padD(), window.padD());
        }
        Tensor sum = null;
        for (int q = 0; q < window.kernelD(); q++) {
            long first = (long) q * window.dilationD();
            Tensor met = x.slice(2, first, first + (depth - 1L) * window.strideD() + 1, window.strideD());
            Tensor planes = met.transpose(1, 2).reshape(shape.dim(0) * depth, shape.dim(1), shape.dim(3),
                    shape.dim(4));
            Tensor slice = inputs[1].select(2, q).contiguous();
            // The bias is added once.
            Tensor part = q == 0 && inputs.length == 3 ? Dispatch.apply(plane(), planes, slice, inputs[2])
                    : Dispatch.apply(plane(), planes, slice);
            sum = sum == null ? part : sum.add(part);
        }
        Shape out = sum.spec().shape();
        return new Tensor[] {sum.reshape(shape.dim(0), depth, out.dim(1), out.dim(2), out.dim(3)).transpose(1, 2)
                .contiguous()};
    }

    @Override
    public long flops(List<TensorSpec> inputs) {
        return 2 * infer(inputs).get(0).shape().numel() * inputs.get(1).shape().slice(1, 5).numel();
    }

    @Override
    public long reductionLength(List<TensorSpec> inputs) {
        return inputs.get(1).shape().slice(1, 5).numel() + (inputs.size() == 3 ? 1 : 0);
    }

    @Override
    public Signature signature() {
        Window2d plane = window.plane();
        return Signature.function("torch.conv3d")
                .keyword("stride", List.of(window.strideD(), plane.strideH(), plane.strideW()))
                .keyword("padding", List.of(window.padD(), plane.padH(), plane.padW()))
                .keyword("dilation", List.of(window.dilationD(), plane.dilationH(), plane.dilationW()))
                .keyword("groups", groups);
    }
}
