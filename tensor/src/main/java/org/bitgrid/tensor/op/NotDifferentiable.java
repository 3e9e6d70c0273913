package org.bitgrid.tensor.op;

import org.bitgrid.tensor.Tensor;

/** An operator that is known to have no gradient, with the reason. */
public interface NotDifferentiable extends Op {
    /** Why there is no gradient, as a clause. */
    String reason();

    @Override
    default Tensor[] vjp(VjpContext context) {
        throw new NotDifferentiableException(name(), reason());
    }
}
