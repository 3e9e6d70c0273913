package org.bitgrid.tensor.spi;

import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.op.Op;

/**
 * Sees every operator on its thread before it runs; what is done here works for all operators, also those that do not
 * exist yet. Tracing, profiling and NaN checks are interceptors. Newest first; an interceptor passes on with
 * {@link Chain#proceed} or answers itself.
 */
@FunctionalInterface
public interface Interceptor {
    /** Returns one tensor for each output of {@code op}. */
    Tensor[] intercept(Op op, Tensor[] inputs, Chain chain);

    /** What comes after an interceptor: older interceptors, then the gradient engine, then the backend. */
    @FunctionalInterface
    interface Chain {
        Tensor[] proceed(Op op, Tensor[] inputs);
    }
}
