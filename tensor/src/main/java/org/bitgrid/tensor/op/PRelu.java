package org.bitgrid.tensor.op;

import java.util.Arrays;
import java.util.List;
import org.bitgrid.tensor.Check;
import org.bitgrid.tensor.Shape;
import org.bitgrid.tensor.ShapeException;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.TensorSpec;

/** x (N, C, …), weight (C) or (1) -> x where x &gt; 0, else x · weight of its channel (He et al., 2015). */
public record PRelu() implements ComposedOp {
    @Override
    public String name() {
        return "prelu";
    }

    @Override
    public List<TensorSpec> infer(List<TensorSpec> inputs) {
        Check.count(name(), inputs, 2, 2);
        TensorSpec x = inputs.get(0);
        TensorSpec weight = inputs.get(1);
        Check.floating(name(), "input", x);
        Check.sameType(name(), "input", x, "weight", weight);
        Check.rank(name(), "weight", weight, 1);
        int channels = x.shape().rank() > 1 ? x.shape().dim(1) : 1;
        int slopes = weight.shape().dim(0);
        if (slopes != 1 && slopes != channels) {
            throw new ShapeException(name(), "weight must hold one slope, or one for each channel; got " + slopes
                    + " for " + channels + " channels of " + x.shape());
        }
        return List.of(x);
    }

    @Override
    public Tensor[] decompose(Tensor[] inputs) {
        Tensor x = inputs[0];
        Shape shape = x.spec().shape();
        Tensor weight = inputs[1];
        if (weight.spec().shape().dim(0) > 1) {
            int[] perChannel = new int[shape.rank()];
            Arrays.fill(perChannel, 1);
            perChannel[1] = shape.dim(1);
            weight = weight.reshape(perChannel);
        } else {
            weight = weight.reshape();
        }
        return new Tensor[] {Where.apply(x.gt(0.0), x, x.mul(weight))};
    }

    @Override
    public long flops(List<TensorSpec> inputs) {
        return inputs.get(0).shape().numel();
    }
}
