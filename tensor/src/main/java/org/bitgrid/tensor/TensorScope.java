package org.bitgrid.tensor;

import java.util.ArrayList;
import java.util.List;

/**
 * Owns what is created on its thread while it is open; closing it gives the memory back at once.
 *
 * <pre>{@code
 * try (TensorScope scope = TensorScope.open()) {
 *     Tensor loss = lossFunction.call(model.call(x), y);
 *     loss.backward();
 *     optimizer.step();
 *     total += loss.item();
 * }
 * }</pre>
 *
 * <p>Gradients stored in parameters and tensors saved for a backward pass that has not run yet outlive the scope;
 * anything else that should must be {@link #keep kept}. Scopes nest; they must be closed on the thread that opened
 * them, innermost first.
 */
public final class TensorScope implements AutoCloseable {
    private final TensorScope parent;
    private final ThreadState owner;
    private final List<Storage> owned = new ArrayList<>();
    private boolean closed;

    private TensorScope(ThreadState owner) {
        this.owner = owner;
        this.parent = owner.scope;
    }

    public static TensorScope open() {
        ThreadState state = ThreadState.current();
        TensorScope scope = new TensorScope(state);
        state.scope = scope;
        return scope;
    }

    /** The innermost scope open on this thread, or null. */
    public static TensorScope current() {
        return ThreadState.current().scope;
    }

    /** Passes the tensor to the enclosing scope, or to the garbage collector when there is none. Returns it. */
    public Tensor keep(Tensor tensor) {
        Storage storage = tensor.storage();
        storage.retain();
        if (parent != null) {
            parent.own(storage);
        }
        return tensor;
    }

    /** Number of storages this scope owns. */
    public int size() {
        return owned.size();
    }

    void own(Storage storage) {
        owned.add(storage);
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        if (ThreadState.current() != owner || owner.scope != this) {
            throw new StateException("TensorScope.close: scope is not the innermost one of this thread; "
                    + "close scopes on the thread that opened them, innermost first");
        }
        closed = true;
        owner.scope = parent;
        for (Storage storage : owned) {
            storage.release();
        }
        owned.clear();
    }
}
