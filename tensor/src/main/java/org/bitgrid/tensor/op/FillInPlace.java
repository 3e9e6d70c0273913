package org.bitgrid.tensor.op;

import java.util.List;
import org.bitgrid.tensor.Check;
import org.bitgrid.tensor.Dispatch;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.TensorSpec;

/** target of any layout -> the target with all elements {@code value}. */
public record FillInPlace(double value) implements Op {
    /** Runs it; returns {@code target}. */
    public static Tensor apply(Tensor target, double value) {
        return Dispatch.apply(new FillInPlace(value), target);
    }

    @Override
    public String name() {
        return "fill_";
    }

    @Override
    public List<TensorSpec> infer(List<TensorSpec> inputs) {
        Check.count(name(), inputs, 1, 1);
        return List.of(inputs.get(0));
    }

    @Override
    public List<Integer> mutates() {
        return List.of(0);
    }

    /** Nothing of the old target is left, so no gradient reaches it. */
    @Override
    public Tensor[] vjp(VjpContext context) {
        return new Tensor[] {null};
    }

    @Override
    public Signature signature() {
        return Signature.function("torch.fill_").with(value);
    }
}
