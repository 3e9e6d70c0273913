package org.bitgrid.opencl;

import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.op.Op;

/** A kernel that walks through inputs of any layout, with {@link ClStrides}. */
abstract class ClStridedKernel extends ClKernel {
    @Override
    public final boolean acceptsStrides() {
        return true;
    }

    @Override
    final boolean takes(Op op, Tensor[] inputs) {
        return ClStrides.canWalk(inputs) && takesTypes(op, inputs);
    }

    /** Whether inputs of these types can be computed here. */
    abstract boolean takesTypes(Op op, Tensor[] inputs);
}
