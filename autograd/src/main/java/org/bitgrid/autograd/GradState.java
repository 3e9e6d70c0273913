package org.bitgrid.autograd;

import org.bitgrid.tensor.Layout;
import org.bitgrid.tensor.StateException;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.op.AddInPlace;
import org.bitgrid.tensor.spi.TensorAccess;

/** What the engine keeps in a tensor's gradient slot: where its values came from, and its gradient. */
final class GradState {
    /** What made the values, a {@link LeafNode} where gradients are collected, or null when none are wanted. */
    GradNode node;
    /** Which output of the node this tensor is. */
    int output;
    /** For a view: the state of the tensor whose storage it shares. */
    private GradState base;
    /** For a view: the base's node when the view was taken. */
    private GradNode baseNode;
    /** The accumulated gradient or null; this state is one of its holders. */
    private Tensor grad;
    /** Whether the gradient is wanted although an operator made the tensor. */
    boolean retainsGrad;

    GradState(GradNode node, int output) {
        this.node = node;
        this.output = output;
    }

    /** The state of a tensor, or null. */
    static GradState of(Tensor tensor) {
        return (GradState) TensorAccess.get().gradState(tensor);
    }

    /** The node that gradients of this tensor flow to, or null. */
    static GradNode nodeOf(Tensor tensor) {
        GradState state = of(tensor);
        return state == null ? null : state.node;
    }

    boolean isView() {
        return base != null;
    }

    void viewOf(GradState other) {
        base = other.base == null ? other : other.base;
        baseNode = base.node;
    }

    /** A view's history ends where its base is overwritten; going on with it would give wrong gradients. */
    void checkCurrent(String operation, Tensor tensor) {
        if (base != null && base.node != baseNode) {
            throw new StateException(operation + ": a view of shape " + tensor.spec().shape()
                    + " was taken before its base was modified in place by " + base.node
                    + "; take the view again");
        }
    }

    synchronized Tensor grad() {
        return grad;
    }

    /** Forgets or replaces the gradient. */
    synchronized void replaceGrad(Tensor value) {
        if (value != null) {
            TensorAccess.get().retain(value);
        }
        if (grad != null) {
            TensorAccess.get().release(grad);
        }
        grad = value;
    }

    /**
     * Adds to the gradient.
     *
     * @param mayKeep    whether nobody else will change or recycle {@code value}, so that it can become the gradient
     * @param recorded   whether the addition is to be differentiable
     */
    synchronized void accumulate(Tensor value, boolean mayKeep, boolean recorded) {
        if (grad == null) {
            replaceGrad(recorded || mayKeep && fillsStorage(value) ? value : value.clone());
        } else if (recorded || !grad.isContiguous()) {
            replaceGrad(grad.add(value));
        } else {
            AddInPlace.apply(grad, 1, value);
        }
    }

    private static boolean fillsStorage(Tensor tensor) {
        Layout layout = tensor.layout();
        return layout.isContiguous() && layout.shape().numel() == tensor.storage().length();
    }
}
