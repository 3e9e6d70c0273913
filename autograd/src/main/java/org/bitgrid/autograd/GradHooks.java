package org.bitgrid.autograd;

import java.util.function.BiConsumer;
import java.util.function.Function;
import org.bitgrid.tensor.StateException;
import org.bitgrid.tensor.Tensor;

/**
 * Looks at gradients, and changes them, while they flow. A hook's arguments are the caller's: they live as long as the
 * scope that is open where backward was called, or until the garbage collector takes them.
 */
public final class GradHooks {
    private GradHooks() {
    }

    /** Takes a hook away again. */
    @FunctionalInterface
    public interface Handle {
        void remove();
    }

    /**
     * Calls {@code hook} with the whole gradient of {@code tensor} before it goes on. The hook returns another
     * gradient of the same shape and type to put in its place, or null to leave it.
     */
    public static Handle onTensor(Tensor tensor, Function<Tensor, Tensor> hook) {
        GradNode node = nodeOf("GradHooks.onTensor", tensor);
        GradNode.OutputHook entry = new GradNode.OutputHook(GradState.of(tensor).output, hook);
        node.addHook(entry);
        return () -> node.removeHook(entry);
    }

    /**
     * Calls {@code hook} with the gradients of the inputs and those of the outputs of the operator that made
     * {@code tensor}, after they were computed. Entries are null where no gradient flows.
     */
    public static Handle onOperator(Tensor tensor, BiConsumer<Tensor[], Tensor[]> hook) {
        GradNode node = nodeOf("GradHooks.onOperator", tensor);
        if (node instanceof LeafNode) {
            throw new StateException("GradHooks.onOperator: tensor is a leaf, which no operator made; got shape "
                    + tensor.spec().shape() + "; use onTensor");
        }
        node.addNodeHook(hook);
        return () -> node.removeNodeHook(hook);
    }

    private static GradNode nodeOf(String operation, Tensor tensor) {
        GradNode node = GradState.nodeOf(tensor);
        if (node == null) {
            throw new StateException(operation + ": tensor does not require gradients; got shape "
                    + tensor.spec().shape() + "; call requiresGrad(true) first");
        }
        return node;
    }
}
