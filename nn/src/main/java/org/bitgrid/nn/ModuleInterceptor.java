package org.bitgrid.nn;

import java.util.List;
import org.bitgrid.tensor.Tensor;

/** Sees every module call on its thread: how a tracer learns where a layer begins. */
@FunctionalInterface
public interface ModuleInterceptor {
    /**
     * @param arguments tensors and literals, as the module was called
     * @param next      runs the module
     * @return one tensor for each output
     */
    Tensor[] intercept(Module module, List<Object> arguments, Next next);

    /** Whether the forward hooks of modules run while this interceptor is in force. */
    default boolean runsHooks() {
        return true;
    }

    /** What the call would have done without the interceptor. */
    @FunctionalInterface
    interface Next {
        Tensor[] run(List<Object> arguments);
    }
}
