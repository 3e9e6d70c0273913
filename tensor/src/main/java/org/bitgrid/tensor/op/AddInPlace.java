package org.bitgrid.tensor.op;

import java.util.List;
import org.bitgrid.tensor.Check;
import org.bitgrid.tensor.DTypeException;
import org.bitgrid.tensor.Dispatch;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.TensorSpec;

/** target, x of the same shape and type: target += alpha · x. Also how gradients accumulate. */
public record AddInPlace(double alpha) implements Op {
    @Override
    public String name() {
        return "add_";
    }

    @Override
    public List<TensorSpec> infer(List<TensorSpec> inputs) {
        TensorSpec target = inputs.get(0);
        if (target.dtype() != inputs.get(1).dtype()) {
            throw new DTypeException(name(), "types must agree; got " + target.dtype() + " and "
                    + inputs.get(1).dtype());
        }
        Check.shape(name(), "right operand", inputs.get(1), target.shape());
        return List.of(target);
    }

    @Override
    public List<Integer> mutates() {
        return List.of(0);
    }

    @Override
    public Tensor[] vjp(VjpContext context) {
        Tensor grad = context.gradOutput();
        return new Tensor[] {grad, context.needs(1) ? grad.mul(alpha) : null};
    }

    /** Runs it. */
    public static void apply(Tensor target, double alpha, Tensor x) {
        Dispatch.apply(new AddInPlace(alpha), target, x);
    }
}
