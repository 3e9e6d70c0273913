package org.bitgrid.tensor.spi;

import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.op.Op;

/** The loops of one operator on one backend. Arguments were checked by {@link Op#infer} and are not checked again. */
@FunctionalInterface
public interface Kernel {
    /**
     * Fills {@code outputs}, which are contiguous, freshly allocated and not cleared. Inputs are contiguous unless
     * {@link #acceptsStrides} says otherwise; an input that the operator mutates is passed as it is.
     */
    void run(Op op, Tensor[] inputs, Tensor[] outputs);

    /** Whether inputs may have any layout; otherwise the dispatcher copies those that are not contiguous. */
    default boolean acceptsStrides() {
        return false;
    }
}
