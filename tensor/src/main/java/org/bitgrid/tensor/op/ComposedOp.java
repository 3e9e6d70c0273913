package org.bitgrid.tensor.op;

import org.bitgrid.tensor.Tensor;

/**
 * An operator made of others. Interceptors see it whole; the gradient engine and the backend see its parts, unless the
 * backend has a kernel for it and it has a gradient rule of its own.
 */
public interface ComposedOp extends Op {
    /** Computes the outputs with other operators. */
    Tensor[] decompose(Tensor[] inputs);
}
