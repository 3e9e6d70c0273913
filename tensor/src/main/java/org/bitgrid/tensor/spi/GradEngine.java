package org.bitgrid.tensor.spi;

import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.op.Op;

/**
 * Differentiates. Found through ServiceLoader; implemented by the autograd module. All methods concern the engine's
 * own state, which it keeps in the tensor's gradient slot ({@link TensorAccess#gradState}).
 */
public interface GradEngine {
    /**
     * Runs {@code op} through {@code compute} and records it. Called when gradients are enabled on this thread and at
     * least one input has gradient state.
     */
    Tensor[] record(Op op, Tensor[] inputs, Interceptor.Chain compute);

    boolean requiresGrad(Tensor tensor);

    void setRequiresGrad(Tensor tensor, boolean requiresGrad);

    /** The accumulated gradient, or null. */
    Tensor grad(Tensor tensor);

    void setGrad(Tensor tensor, Tensor grad);

    boolean isLeaf(Tensor tensor);

    /**
     * Accumulates into the gradients of the leaves under {@code root}.
     *
     * @param gradient gradient of the root, or null for 1 when the root is a scalar
     */
    void backward(Tensor root, Tensor gradient, boolean retainGraph, boolean createGraph);
}
