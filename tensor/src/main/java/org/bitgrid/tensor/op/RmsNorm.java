package org.bitgrid.tensor.op;

import java.util.ArrayList;
import java.util.List;
import org.bitgrid.tensor.Check;
import org.bitgrid.tensor.Shape;
import org.bitgrid.tensor.ShapeException;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.TensorSpec;

/**
 * x (…, normalized), optional weight (normalized) -> x / sqrt(mean of x² + epsilon) · weight, with the mean over the
 * trailing dimensions (Zhang and Sennrich, 2019).
 */
public record RmsNorm(Shape normalized, double epsilon) implements ComposedOp {
    @Override
    public String name() {
        return "rms_norm";
    }

    @Override
    public List<TensorSpec> infer(List<TensorSpec> inputs) {
        Check.count(name(), inputs, 1, 2);
        TensorSpec x = inputs.get(0);
        Check.floating(name(), "input", x);
        int lead = x.shape().rank() - normalized.rank();
        if (lead < 0 || normalized.rank() == 0 || !x.shape().slice(lead, x.shape().rank()).equals(normalized)) {
            throw new ShapeException(name(), "input must end in the normalized shape; got " + x.shape()
                    + "; expected (…) followed by " + normalized);
        }
        if (inputs.size() == 2) {
            Check.shape(name(), "weight", inputs.get(1), normalized);
            Check.sameType(name(), "input", x, "weight", inputs.get(1));
        }
        return List.of(x);
    }

    @Override
    public Tensor[] decompose(Tensor[] inputs) {
        List<Integer> axes = new ArrayList<>();
        for (int i = 1; i <= normalized.rank(); i++) {
            axes.add(-i);
        }
        Tensor y = inputs[0].mul(inputs[0].square().mean(axes, true).add(epsilon).rsqrt());
        return new Tensor[] {inputs.length == 1 ? y : y.mul(inputs[1])};
    }

    @Override
    public long flops(List<TensorSpec> inputs) {
        return 4 * inputs.get(0).shape().numel();
    }

    @Override
    public long reductionLength(List<TensorSpec> inputs) {
        return normalized.numel();
    }

    @Override
    public Signature signature() {
        return Signature.function("torch.nn.functional.rms_norm").keyword("normalized_shape", normalized)
                .keyword("eps", epsilon);
    }
}
