package org.bitgrid.tensor;

import org.bitgrid.tensor.spi.Interceptor;
import org.bitgrid.tensor.spi.TensorObserver;

/** What is in force on one thread: open scopes, interceptors, gradient mode. One look-up for all of it. */
final class ThreadState {
    static final Interceptor[] NO_INTERCEPTORS = {};

    private static final ThreadLocal<ThreadState> CURRENT = ThreadLocal.withInitial(ThreadState::new);

    /** Innermost open scope, or null. */
    TensorScope scope;
    /** Oldest first. */
    Interceptor[] interceptors = NO_INTERCEPTORS;
    /** Told when Java code looks at a meta tensor, or null. */
    TensorObserver observer;
    boolean gradEnabled = true;
    /** Whether the operator being dispatched was written as a function call rather than as a method. */
    boolean functionCall;

    private ThreadState() {
    }

    static ThreadState current() {
        return CURRENT.get();
    }
}
