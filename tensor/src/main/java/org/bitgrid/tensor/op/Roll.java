package org.bitgrid.tensor.op;

import java.util.List;
import org.bitgrid.tensor.Check;
import org.bitgrid.tensor.ShapeException;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.TensorSpec;
import org.bitgrid.tensor.Tensors;

/**
 * x -> the same elements moved on by some places along some dimensions; what leaves at the end comes in at the start.
 *
 * @param axes one for each shift; empty for a single shift of all elements in row-major order
 */
public record Roll(List<Integer> shifts, List<Integer> axes) implements ComposedOp {
    public Roll {
        shifts = List.copyOf(shifts);
        axes = List.copyOf(axes);
    }

    @Override
    public String name() {
        return "roll";
    }

    @Override
    public List<TensorSpec> infer(List<TensorSpec> inputs) {
        Check.count(name(), inputs, 1, 1);
        if (axes.size() != shifts.size() && !(axes.isEmpty() && shifts.size() == 1)) {
            throw new ShapeException(name(), "needs one dimension for each shift; got shifts " + shifts
                    + " and dimensions " + axes);
        }
        axes.forEach(axis -> inputs.get(0).shape().checkedAxis(name(), axis));
        return inputs;
    }

    @Override
    public Tensor[] decompose(Tensor[] inputs) {
        Tensor x = inputs[0];
        if (axes.isEmpty()) {
            return new Tensor[] {rolled(x.flatten(0), shifts.get(0), 0).reshape(x.spec().shape().toArray())};
        }
        for (int i = 0; i < axes.size(); i++) {
            x = rolled(x, shifts.get(i), axes.get(i));
        }
        return new Tensor[] {x};
    }

    private static Tensor rolled(Tensor x, int shift, int axis) {
        int size = x.spec().shape().rank() == 0 ? 0 : x.spec().shape().dim(axis);
        int places = size == 0 ? 0 : Math.floorMod(shift, size);
        return places == 0 ? x : Tensors.cat(List.of(x.slice(axis, size - places, size), x.slice(axis, 0,
                size - places)), axis);
    }

    @Override
    public boolean movesDataOnly() {
        return true;
    }

    @Override
    public Signature signature() {
        return Signature.function("torch.roll").with(shifts, axes);
    }
}
