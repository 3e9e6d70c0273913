package org.bitgrid.autograd;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.bitgrid.tensor.StateException;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.TensorSpec;

/**
 * One step of a computation that can be walked backwards. Edges lead to nodes that are older, so that going from the
 * highest sequence number to the lowest meets every node after all of its consumers.
 */
abstract sealed class GradNode permits LeafNode, OpNode, FunctionNode {
    private static final AtomicLong COUNTER = new AtomicLong();

    /** A user's look at, or change of, the gradient of one output. */
    record OutputHook(int output, Function<Tensor, Tensor> function) {
    }

    final long sequence = COUNTER.incrementAndGet();
    final TensorSpec[] outputSpecs;
    final TensorSpec[] inputSpecs;
    /** Where the gradient of each input goes; null where nobody wants it. */
    final GradNode[] inputs;
    /** Which output of {@link #inputs} each input is. */
    final int[] inputOutputs;
    /** The user's line that ran the operator, when anomalies are being looked for, else null. */
    final String callSite;
    List<OutputHook> hooks = List.of();
    List<BiConsumer<Tensor[], Tensor[]>> nodeHooks = List.of();
    /** Tensors that are not leaves but want their gradient. */
    List<GradState> retaining = List.of();
    private boolean freed;

    /** A node without inputs. */
    GradNode(TensorSpec output) {
        outputSpecs = new TensorSpec[] {output};
        inputSpecs = new TensorSpec[0];
        inputs = new GradNode[0];
        inputOutputs = new int[0];
        callSite = null;
    }

    /** A node with edges to whatever made the inputs. */
    GradNode(Tensor[] tensors, Tensor[] outputs) {
        int count = tensors.length;
        inputSpecs = new TensorSpec[count];
        inputs = new GradNode[count];
        inputOutputs = new int[count];
        for (int i = 0; i < count; i++) {
            inputSpecs[i] = tensors[i].spec();
            GradState state = GradState.of(tensors[i]);
            if (state != null && state.node != null) {
                inputs[i] = state.node;
                inputOutputs[i] = state.output;
            }
        }
        outputSpecs = new TensorSpec[outputs.length];
        for (int i = 0; i < outputs.length; i++) {
            outputSpecs[i] = outputs[i].spec();
        }
        callSite = AnomalyMode.callSite();
    }

    /** PyTorch's name of what was run. */
    abstract String name();

    /**
     * Gradients of the inputs, null where none flows.
     *
     * @param gradOutputs gradients of the outputs, null where none flows
     * @param needed      which inputs' gradients are wanted
     */
    abstract Tensor[] vjp(Tensor[] gradOutputs, boolean[] needed);

    /** Whether the node holds tensors for its gradient rule. */
    abstract boolean hasSaved();

    abstract void releaseSaved();

    final void checkUsable() {
        if (freed && hasSaved()) {
            throw new StateException("backward: the tensors that " + this + " saved were given back when the graph was "
                    + "walked first; pass retainGraph to the first walk");
        }
    }

    /** Gives the saved tensors back. */
    final synchronized void free() {
        if (!freed) {
            freed = true;
            releaseSaved();
        }
    }

    final void addHook(OutputHook hook) {
        hooks = plus(hooks, hook);
    }

    final void removeHook(OutputHook hook) {
        hooks = minus(hooks, hook);
    }

    final void addNodeHook(BiConsumer<Tensor[], Tensor[]> hook) {
        nodeHooks = plus(nodeHooks, hook);
    }

    final void removeNodeHook(BiConsumer<Tensor[], Tensor[]> hook) {
        nodeHooks = minus(nodeHooks, hook);
    }

    final void retain(GradState state) {
        retaining = plus(retaining, state);
    }

    final void stopRetaining(GradState state) {
        retaining = minus(retaining, state);
    }

    private static <T> List<T> plus(List<T> list, T element) {
        List<T> longer = new ArrayList<>(list);
        longer.add(element);
        return longer;
    }

    private static <T> List<T> minus(List<T> list, T element) {
        List<T> shorter = new ArrayList<>(list);
        shorter.removeIf(each -> each == element);
        return shorter;
    }

    /** Such as {@code mul #17 (shape (64, 10))}. */
    @Override
    public final String toString() {
        return name() + " #" + sequence + " (shape " + outputSpecs[0].shape() + ")";
    }
}
