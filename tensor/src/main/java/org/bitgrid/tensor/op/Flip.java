package org.bitgrid.tensor.op;

import java.util.List;
import org.bitgrid.tensor.Check;
import org.bitgrid.tensor.Dispatch;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.TensorSpec;
import org.bitgrid.tensor.Tensors;

/** x -> the same elements in opposite order along some dimensions. */
public record Flip(List<Integer> axes) implements ComposedOp {
    public Flip {
        axes = List.copyOf(axes);
    }

    @Override
    public String name() {
        return "flip";
    }

    @Override
    public List<TensorSpec> infer(List<TensorSpec> inputs) {
        Check.count(name(), inputs, 1, 1);
        new Reduce(Reduce.Kind.SUM, axes, true).folded(inputs.get(0).shape()); // each dimension at most once
        return inputs;
    }

    @Override
    public Tensor[] decompose(Tensor[] inputs) {
        Tensor x = inputs[0];
        for (int axis : axes) {
            if (x.spec().shape().rank() > 0) {
                int last = x.spec().shape().dim(axis) - 1;
                Tensor backwards = Tensors.arange(last + 1).neg().add((long) last).to(x.device());
                x = Dispatch.apply(new IndexSelect(axis), x, backwards);
            }
        }
        return new Tensor[] {x};
    }

    @Override
    public boolean movesDataOnly() {
        return true;
    }

    @Override
    public Signature signature() {
        return Signature.function("torch.flip").with(axes);
    }
}
