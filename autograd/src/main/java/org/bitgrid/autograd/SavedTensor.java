package org.bitgrid.autograd;

import org.bitgrid.tensor.StateException;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.spi.TensorAccess;

/**
 * A tensor that a gradient rule will read: keeps its memory, remembers what made it, and notices when its elements
 * were overwritten meanwhile.
 */
final class SavedTensor {
    private final Tensor tensor;
    private final int version;
    private final GradNode source;
    private final int sourceOutput;

    /**
     * @param overwritten whether the operator itself overwrote the tensor after reading it: nothing can be read then
     */
    SavedTensor(Tensor tensor, boolean overwritten) {
        this.tensor = tensor;
        this.version = tensor.storage().version() - (overwritten ? 1 : 0);
        GradState state = GradState.of(tensor);
        this.source = state == null ? null : state.node;
        this.sourceOutput = state == null ? 0 : state.output;
        TensorAccess.get().retain(tensor);
    }

    /** The tensor as it was saved. */
    Tensor get(GradNode reader) {
        return get(reader, source, sourceOutput);
    }

    /** The values as they were saved, as if {@code made} had made them. */
    Tensor get(GradNode reader, GradNode made, int output) {
        int now = tensor.storage().version();
        if (now != version) {
            throw new StateException("saved tensor of " + reader + " was modified in place after being saved (version "
                    + now + ", expected " + version + "); clone it before addInPlace");
        }
        GradState state = GradState.of(tensor);
        if (state == null ? made == null : state.node == made && state.output == output) {
            return tensor;
        }
        Tensor alias = TensorAccess.get().alias(tensor);
        if (made != null) {
            TensorAccess.get().setGradState(alias, new GradState(made, output));
        }
        return alias;
    }

    void release() {
        TensorAccess.get().release(tensor);
    }
}
