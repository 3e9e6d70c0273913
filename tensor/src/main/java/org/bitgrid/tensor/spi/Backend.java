package org.bitgrid.tensor.spi;

import org.bitgrid.tensor.DType;
import org.bitgrid.tensor.Device;
import org.bitgrid.tensor.Storage;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.op.Op;

/** A set of kernels for the tensors of one kind of device. Found through ServiceLoader. */
public interface Backend {
    /** Name by which {@code -Dbitgrid.backend} asks for it. */
    String name();

    /** The kind of device whose tensors it computes, such as {@code cpu}. */
    String deviceKind();

    /** The highest one that is usable serves its kind of device. */
    int priority();

    /** Null when usable, else why not, in a few words. */
    String whyUnusable();

    /** One line for the log: device, vector width, threads. */
    String description();

    /** The kernel for this operator and these inputs, or null when there is none. */
    Kernel kernel(Op op, Tensor[] inputs);

    /**
     * A storage whose contents are arbitrary.
     *
     * @param purpose name of the operator whose output it will be, for reports about memory
     */
    Storage allocate(DType dtype, int length, Device device, String purpose);

    /** Waits until everything is computed that was asked for; backends that compute at once have nothing to do. */
    default void synchronize(Device device) {
        // computed at once
    }
}
