package org.bitgrid.tensor.op;

import java.util.List;
import org.bitgrid.tensor.Check;
import org.bitgrid.tensor.Dispatch;
import org.bitgrid.tensor.Shape;
import org.bitgrid.tensor.ShapeException;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.TensorSpec;

/** target of any layout, source that broadcasts to its shape -> the target, overwritten; types are converted. */
public record CopyInPlace() implements Op {
    /** Runs it; returns {@code target}. */
    public static Tensor apply(Tensor target, Tensor source) {
        return Dispatch.apply(new CopyInPlace(), target, source);
    }

    @Override
    public String name() {
        return "copy_";
    }

    @Override
    public List<TensorSpec> infer(List<TensorSpec> inputs) {
        Check.count(name(), inputs, 2, 2);
        TensorSpec target = inputs.get(0);
        if (!Shape.broadcast(name(), target.shape(), inputs.get(1).shape()).equals(target.shape())) {
            throw new ShapeException(name(), "source does not broadcast to the target; got " + inputs.get(1).shape()
                    + "; expected " + target.shape());
        }
        return List.of(target);
    }

    @Override
    public List<Integer> mutates() {
        return List.of(0);
    }

    /** Nothing of the old target is left, so no gradient reaches it. */
    @Override
    public Tensor[] vjp(VjpContext context) {
        TensorSpec source = context.inputSpec(1);
        return new Tensor[] {null,
            context.needs(1) ? SumTo.apply(context.gradOutput(), source).to(source.dtype()) : null};
    }
}
