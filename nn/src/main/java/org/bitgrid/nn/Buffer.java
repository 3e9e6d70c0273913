package org.bitgrid.nn;

import org.bitgrid.tensor.Shape;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.spi.TensorAccess;

/** A tensor that belongs to a module's state but does not learn, such as running statistics. */
public final class Buffer {
    private Tensor tensor;

    public Buffer(Tensor tensor) {
        TensorAccess.get().retain(tensor);
        this.tensor = tensor;
    }

    public Tensor tensor() {
        return tensor;
    }

    /** Replaces the tensor; the new one outlives the scope it was made in. */
    public void set(Tensor value) {
        Tensor old = tensor;
        TensorAccess.get().retain(value);
        tensor = value.detach();
        TensorAccess.get().release(old);
    }

    public Shape shape() {
        return tensor.spec().shape();
    }
}
