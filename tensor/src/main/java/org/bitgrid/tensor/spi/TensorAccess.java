package org.bitgrid.tensor.spi;

import org.bitgrid.tensor.Tensor;

/**
 * The parts of a tensor that engines need and users do not: its two opaque slots and its holders. Implemented by
 * {@link Tensor} itself, which hands an instance to this class when it is loaded.
 */
public abstract class TensorAccess {
    private static volatile TensorAccess instance;

    protected TensorAccess() {
    }

    /** Called once, by Tensor. */
    public static void install(TensorAccess access) {
        if (instance != null) {
            throw new IllegalStateException("TensorAccess.install: already installed");
        }
        instance = access;
    }

    public static TensorAccess get() {
        if (instance == null) {
            Tensor.load();
        }
        return instance;
    }

    /** What the gradient engine stored, or null. */
    public abstract Object gradState(Tensor tensor);

    public abstract void setGradState(Tensor tensor, Object state);

    /** The encoding of a quantized tensor, or null. */
    public abstract CarriedEncoding encoding(Tensor tensor);

    public abstract void setEncoding(Tensor tensor, CarriedEncoding encoding);

    /** Adds a holder to the tensor's storage: its array stays until {@link #release}. */
    public abstract void retain(Tensor tensor);

    /** Removes a holder; the last one gives the array back to the pool. */
    public abstract void release(Tensor tensor);

    /**
     * Adds the innermost scope of this thread as a holder, or, when no scope is open, the garbage collector: for
     * tensors that an engine hands to the user.
     */
    public abstract void adopt(Tensor tensor);

    /** How many holders the tensor's storage has. An engine that is the only one may overwrite it. */
    public abstract int holders(Tensor tensor);

    /** A tensor over the same elements without gradient state. */
    public abstract Tensor alias(Tensor tensor);
}
