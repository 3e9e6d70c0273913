package org.bitgrid.tensor.op;

import java.util.Arrays;
import java.util.List;
import org.bitgrid.tensor.Check;
import org.bitgrid.tensor.Shape;
import org.bitgrid.tensor.ShapeException;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.TensorSpec;

/**
 * x (N, C, …), optional weight and bias (C) -> y of x's shape: (x - mean) / sqrt(variance + epsilon) · weight + bias,
 * with mean and biased variance of the C / groups channels of a group together (Wu and He, 2018). As many groups as
 * channels is instance normalisation, which PyTorch writes differently.
 *
 * @param instance whether it is written as instance normalisation; groups is then ignored
 */
public record GroupNorm(int groups, double epsilon, boolean instance) implements ComposedOp {
    @Override
    public String name() {
        return instance ? "instance_norm" : "group_norm";
    }

    @Override
    public List<TensorSpec> infer(List<TensorSpec> inputs) {
        Check.count(name(), inputs, 1, 3);
        TensorSpec x = inputs.get(0);
        Check.floating(name(), "input", x);
        if (x.shape().rank() < 2) {
            throw new ShapeException(name(), "input must be (N, C, …); got " + x.shape());
        }
        int channels = x.shape().dim(1);
        if (!instance && (groups < 1 || channels % groups != 0)) {
            throw new ShapeException(name(), "groups must divide the channels; got " + groups + " groups and "
                    + channels + " channels");
        }
        for (int i = 1; i < inputs.size(); i++) {
            String argument = i == 1 ? "weight" : "bias";
            Check.shape(name(), argument, inputs.get(i), Shape.of(channels));
            Check.sameType(name(), "input", x, argument, inputs.get(i));
        }
        return List.of(x);
    }

    @Override
    public Tensor[] decompose(Tensor[] inputs) {
        Tensor x = inputs[0];
        Shape shape = x.spec().shape();
        if (shape.numel() == 0) {
            return new Tensor[] {x.clone()};
        }
        int parts = instance ? shape.dim(1) : groups;
        int elements = (int) (shape.slice(1, shape.rank()).numel() / parts);
        Tensor grouped = x.reshape(shape.dim(0), parts, elements);
        List<Integer> last = List.of(2);
        Tensor centred = grouped.sub(grouped.mean(last, true));
        Tensor inverse = centred.square().mean(last, true).add(epsilon).rsqrt();
        Tensor y = centred.mul(inverse).reshape(shape.toArray());
        int[] perChannel = new int[shape.rank()];
        Arrays.fill(perChannel, 1);
        perChannel[1] = shape.dim(1);
        if (inputs.length > 1) {
            y = y.mul(inputs[1].reshape(perChannel));
        }
        if (inputs.length > 2) {
            y = y.add(inputs[2].reshape(perChannel));
        }
        return new Tensor[] {y};
    }

    @Override
    public long flops(List<TensorSpec> inputs) {
        return 8 * inputs.get(0).shape().numel();
    }

    @Override
    public long reductionLength(List<TensorSpec> inputs) {
        Shape shape = inputs.get(0).shape();
        return shape.slice(1, shape.rank()).numel() / Math.max(1, instance ? shape.dim(1) : groups);
    }

    @Override
    public Signature signature() {
        return instance ? Signature.function("torch.nn.functional.instance_norm").keyword("eps", epsilon)
                : Signature.function("torch.nn.functional.group_norm").keyword("num_groups", groups)
                        .keyword("eps", epsilon);
    }
}
