package org.bitgrid.tensor.op;

import org.bitgrid.tensor.Layout;

/** An operator whose one output shares the storage of its one input; no backend needs a kernel for it. */
public interface ViewOp extends Op {
    /**
     * The output's layout over the input's storage, or null when no strides can express it: the dispatcher then makes
     * the input contiguous and asks again.
     */
    Layout view(Layout input);

    @Override
    default boolean movesDataOnly() {
        return true;
    }
}
