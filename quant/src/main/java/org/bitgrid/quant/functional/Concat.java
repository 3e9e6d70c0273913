package org.bitgrid.quant.functional;

import java.util.List;
import org.bitgrid.tensor.Dispatch;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.op.Cat;

/** Tensors one after the other along a dimension; called with each tensor as an argument of its own. */
public final class Concat extends FunctionalModule {
    private final int axis;

    /** Along dimension 0. */
    public Concat() {
        this(0);
    }

    /** @param axis the dimension; a negative one counts from the end */
    public Concat(int axis) {
        this.axis = axis;
    }

    /** The dimension. */
    public int axis() {
        return axis;
    }

    @Override
    Tensor[] run(CallArguments arguments) {
        List<Object> given = arguments.positional();
        Tensor[] tensors = new Tensor[given.size()];
        for (int i = 0; i < tensors.length; i++) {
            tensors[i] = arguments.tensor(i, "tensors[" + i + "]");
        }
        return one(Dispatch.function(new Cat(axis), tensors));
    }
}
