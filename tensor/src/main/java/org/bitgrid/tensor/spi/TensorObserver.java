package org.bitgrid.tensor.spi;

import org.bitgrid.tensor.Tensor;

/** Told when Java code on its thread looks at a tensor that has no elements: how a tracer learns what it cannot see. */
public interface TensorObserver {
    /** {@code tensor.size(axis)} was read, axis from 0 to rank - 1, or the whole shape (axis -1, value 0). */
    void shapeRead(Tensor tensor, int axis, int value);

    /** An element was asked for, by a method called {@code method}; expected to throw. */
    void valueRead(Tensor tensor, String method);
}
