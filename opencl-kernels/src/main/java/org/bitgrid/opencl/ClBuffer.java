package org.bitgrid.opencl;

import java.lang.ref.Cleaner;
import org.bitgrid.tensor.DType;
import org.bitgrid.tensor.Device;
import org.bitgrid.tensor.DeviceStorage;
import org.bitgrid.tensor.Storage;
import org.bitgrid.tensor.spi.Transfer;
import org.jocl.Pointer;
import org.jocl.cl_mem;

/**
 * Elements on a device, with a copy in main memory while one is of use. Memory on either side is taken when it is first
 * needed, and elements are copied when somebody looks at the side that is older.
 */
final class ClBuffer extends DeviceStorage {
    private static final Cleaner CLEANER = Cleaner.create();

    /** Which side has the elements. */
    enum State { HOST_NEWER, DEVICE_NEWER, IN_SYNC }

    private final ClRuntime runtime;
    private final Device device;
    private final String purpose;
    /** In use on the device, or null. Freed by {@link #recycle} or, when nobody reaches this buffer, by its cleaner. */
    private ClMemory.Block block;
    private Cleaner.Cleanable cleanable;
    /** In main memory, or null. */
    private Storage host;
    private State state = State.IN_SYNC;
    private boolean released;

    ClBuffer(ClRuntime runtime, Device device, DType dtype, int length, String purpose) {
        super(dtype, length);
        this.runtime = runtime;
        this.device = device;
        this.purpose = purpose;
    }

    @Override
    public Device device() {
        return device;
    }

    ClRuntime runtime() {
        return runtime;
    }

    synchronized State state() {
        return state;
    }

    private long byteSize() {
        return (long) length() * dtype().byteSize();
    }

    private cl_mem onDevice() {
        checkAlive();
        if (block == null) {
            block = runtime.memory().take(Math.max(1, byteSize()), purpose);
            cleanable = CLEANER.register(this, block);
        }
        return block.memory;
    }

    private void checkAlive() {
        if (released) {
            throw released();
        }
    }

    /** For a kernel that reads the elements. */
    synchronized cl_mem forRead() {
        cl_mem memory = onDevice();
        if (state == State.HOST_NEWER) {
            if (byteSize() > 0) {
                runtime.write(memory, 0, byteSize(), pointer(host));
            }
            state = State.IN_SYNC;
        }
        return memory;
    }

    /** For a kernel that writes all elements. */
    synchronized cl_mem forOverwrite() {
        cl_mem memory = onDevice();
        dropHost();
        state = State.DEVICE_NEWER;
        return memory;
    }

    /** For a kernel that reads elements and writes some. */
    synchronized cl_mem forUpdate() {
        cl_mem memory = forRead();
        dropHost();
        state = State.DEVICE_NEWER;
        return memory;
    }

    private void dropHost() {
        if (host != null) {
            releaseHostStorage(host);
            host = null;
        }
    }

    @Override
    public synchronized Storage onHost() {
        checkAlive();
        if (host == null) {
            host = newHostStorage(dtype(), length());
        }
        if (state == State.DEVICE_NEWER) {
            if (byteSize() > 0) {
                runtime.read(block.memory, 0, byteSize(), pointer(host));
            }
            state = State.IN_SYNC;
        }
        return host;
    }

    /** The elements in main memory, where they are about to be changed. */
    synchronized Storage onHostForUpdate() {
        Storage storage = onHost();
        state = State.HOST_NEWER;
        return storage;
    }

    @Override
    public synchronized void copyFrom(Storage from, int offset) {
        checkAlive();
        dropHost();
        if (length() == 0) {
            return;
        }
        cl_mem memory = onDevice();
        if (offset == 0 && from.length() == length()) {
            runtime.write(memory, 0, byteSize(), pointer(from));
        } else {
            Storage part = newHostStorage(dtype(), length());
            Transfer.copy(from, offset, part, 0, length());
            runtime.write(memory, 0, byteSize(), pointer(part));
            releaseHostStorage(part);
        }
        state = State.DEVICE_NEWER;
    }

    private static Pointer pointer(Storage storage) {
        return switch (storage.dtype()) {
            case FLOAT32 -> Pointer.to(storage.floats());
            case FLOAT64 -> Pointer.to(storage.doubles());
            case INT64 -> Pointer.to(storage.longs());
            case INT32 -> Pointer.to(storage.ints());
            case INT8, UINT8, BOOL -> Pointer.to(storage.bytes());
        };
    }

    @Override
    protected synchronized void recycle() {
        released = true;
        dropHost();
        if (cleanable != null) {
            cleanable.clean();
            cleanable = null;
            block = null;
        }
    }
}
