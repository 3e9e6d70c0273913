package org.bitgrid.tensor;

/**
 * Elements that live on another device. Extended by the backend of that device, which also decides when they are
 * copied: reading them in main memory waits for the device, nothing else does.
 */
public abstract non-sealed class DeviceStorage extends Storage {
    protected DeviceStorage(DType dtype, int length) {
        super(dtype, length);
    }

    public abstract Device device();

    /**
     * The elements in main memory as they are now, not to be written to. Waits for the device when they were computed
     * there. Valid until the elements change or are released.
     */
    public abstract Storage onHost();

    /** Overwrites all elements with {@code length()} elements of a storage in main memory, from {@code offset} on. */
    public abstract void copyFrom(Storage host, int offset);

    /** A storage in main memory that no scope owns: whoever asks for it gives it to {@link #releaseHostStorage}. */
    protected static Storage newHostStorage(DType dtype, int length) {
        ThreadState state = ThreadState.current();
        TensorScope scope = state.scope;
        state.scope = null;
        try {
            return allocate(dtype, length);
        } finally {
            state.scope = scope;
        }
    }

    /** Gives the memory back of what {@link #newHostStorage} made. */
    protected static void releaseHostStorage(Storage storage) {
        storage.release();
    }
}
