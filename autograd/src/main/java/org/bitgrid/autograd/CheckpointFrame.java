package org.bitgrid.autograd;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.bitgrid.tensor.Dispatch;
import org.bitgrid.tensor.Rng;
import org.bitgrid.tensor.StateException;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.TensorScope;

/**
 * A segment whose nodes save nothing. When the first of them needs a tensor, the segment runs once more, and each node
 * takes what its twin of the second run saved.
 */
final class CheckpointFrame {
    private static final ThreadLocal<CheckpointFrame> RECORDING = new ThreadLocal<>();
    private static final ThreadLocal<List<GradNode>> TWINS = new ThreadLocal<>();

    private final Function<Tensor[], Tensor[]> segment;
    private final SavedTensor[] inputs;
    private final Rng.State rngState;
    private final List<OpNode> nodes = new ArrayList<>();
    private int nodesInUse;

    CheckpointFrame(Function<Tensor[], Tensor[]> segment, Tensor[] inputs) {
        this.segment = segment;
        this.inputs = new SavedTensor[inputs.length];
        for (int i = 0; i < inputs.length; i++) {
            this.inputs[i] = new SavedTensor(inputs[i], false);
        }
        this.rngState = Rng.current().state();
    }

    /** The segment that is being recorded on this thread, or null. */
    static CheckpointFrame recording() {
        return RECORDING.get();
    }

    /** Runs the segment for the first time. */
    Tensor[] record(Tensor[] arguments) {
        CheckpointFrame before = RECORDING.get();
        RECORDING.set(this);
        try (TensorScope scope = TensorScope.open()) {
            Tensor[] outputs = segment.apply(arguments.clone());
            for (Tensor output : outputs) {
                scope.keep(output);
            }
            return outputs;
        } finally {
            RECORDING.set(before);
            if (nodesInUse == 0) {
                releaseInputs();
            }
        }
    }

    /** A node of the segment that would have saved something. */
    void deferred(OpNode node) {
        nodes.add(node);
        nodesInUse++;
    }

    /** A node that saved something, perhaps because its segment runs for the second time. */
    static void saved(GradNode node) {
        List<GradNode> twins = TWINS.get();
        if (twins != null) {
            twins.add(node);
        }
    }

    /** One of the nodes needs its saved tensors no more. */
    synchronized void freed() {
        if (--nodesInUse == 0) {
            releaseInputs();
        }
    }

    private void releaseInputs() {
        for (SavedTensor input : inputs) {
            input.release();
        }
        nodes.clear();
    }

    /** Runs the segment for the second time and hands each node what it needs. */
    synchronized void computeAgain(OpNode reader) {
        if (reader.holdsSaved()) {
            return;
        }
        List<OpNode> twins = new ArrayList<>();
        for (GradNode node : runAgain(reader)) {
            if (node instanceof OpNode twin) {
                twins.add(twin);
            } else {
                node.free();
            }
        }
        for (int i = 0; i < Math.max(nodes.size(), twins.size()); i++) {
            String first = i < nodes.size() ? nodes.get(i).op.toString() : "nothing";
            String second = i < twins.size() ? twins.get(i).op.toString() : "nothing";
            if (!first.equals(second)) {
                twins.forEach(GradNode::free);
                throw new StateException("checkpoint: segment ran other operators when it was computed again; got "
                        + second + " at position " + i + "; expected " + first + "; make it depend on nothing but its "
                        + "inputs, parameters and Rng.current()");
            }
        }
        for (int i = 0; i < twins.size(); i++) {
            nodes.get(i).takeSaved(twins.get(i));
        }
    }

    private List<GradNode> runAgain(OpNode reader) {
        Tensor[] arguments = new Tensor[inputs.length];
        for (int i = 0; i < arguments.length; i++) {
            arguments[i] = inputs[i].get(reader);
        }
        CheckpointFrame recordingBefore = RECORDING.get();
        List<GradNode> twinsBefore = TWINS.get();
        Rng rng = Rng.current();
        Rng again = Rng.of(rngState);
        List<GradNode> twins = new ArrayList<>();
        RECORDING.remove();
        TWINS.set(twins);
        Rng.setCurrent(again);
        try (Dispatch.Scope on = Dispatch.gradEnabled(true); TensorScope scope = TensorScope.open()) {
            segment.apply(arguments);
        } finally {
            RECORDING.set(recordingBefore);
            TWINS.set(twinsBefore);
            Rng.setCurrent(rng);
        }
        return twins;
    }
}
