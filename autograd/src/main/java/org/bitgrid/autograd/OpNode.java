package org.bitgrid.autograd;

import org.bitgrid.tensor.StateException;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.TensorSpec;
import org.bitgrid.tensor.Tensors;
import org.bitgrid.tensor.op.Op;
import org.bitgrid.tensor.op.Reads;
import org.bitgrid.tensor.op.VjpContext;

/** An operator that ran. Keeps what the operator declares that its gradient rule reads. */
final class OpNode extends GradNode {
    private static final SavedTensor[] NONE = {};

    final Op op;
    /** Inputs, then outputs; null where the gradient rule does not read them. */
    private SavedTensor[] saved = NONE;
    /** The segment that computes the saved tensors again instead of keeping them, or null. */
    private final CheckpointFrame frame;

    OpNode(Op op, Tensor[] inputTensors, Tensor[] outputs) {
        super(inputTensors, outputs);
        this.op = op;
        this.frame = CheckpointFrame.recording();
    }

    /** Keeps the declared inputs and outputs; the outputs must have their gradient state already. */
    void save(Tensor[] inputTensors, Tensor[] outputs) {
        Reads reads = op.reads();
        if (reads.inputs() == 0 && reads.outputs() == 0) {
            return;
        }
        if (frame != null) {
            frame.deferred(this);
            return;
        }
        saved = new SavedTensor[inputTensors.length + outputs.length];
        for (int i = 0; i < inputTensors.length; i++) {
            if (reads.input(i)) {
                saved[i] = new SavedTensor(inputTensors[i], op.mutates().contains(i));
            }
        }
        for (int i = 0; i < outputs.length; i++) {
            if (reads.output(i)) {
                saved[inputTensors.length + i] = new SavedTensor(outputs[i], false);
            }
        }
        CheckpointFrame.saved(this);
    }

    boolean holdsSaved() {
        return saved.length > 0;
    }

    /** Takes over what another run of the same operator saved. */
    void takeSaved(OpNode other) {
        saved = other.saved;
        other.saved = NONE;
    }

    @Override
    String name() {
        return op.name();
    }

    @Override
    boolean hasSaved() {
        Reads reads = op.reads();
        return reads.inputs() != 0 || reads.outputs() != 0;
    }

    @Override
    void releaseSaved() {
        for (SavedTensor each : saved) {
            if (each != null) {
                each.release();
            }
        }
        saved = NONE;
        if (frame != null && hasSaved()) {
            frame.freed();
        }
    }

    @Override
    Tensor[] vjp(Tensor[] gradOutputs, boolean[] needed) {
        return op.vjp(new Context(gradOutputs, needed));
    }

    private SavedTensor saved(int index) {
        if (frame != null && saved.length == 0) {
            frame.computeAgain(this);
        }
        return saved[index];
    }

    private final class Context implements VjpContext {
        private final Tensor[] gradOutputs;
        private final boolean[] needed;

        Context(Tensor[] gradOutputs, boolean[] needed) {
            this.gradOutputs = gradOutputs;
            this.needed = needed;
        }

        @Override
        public Tensor input(int index) {
            if (!op.reads().input(index)) {
                throw undeclared("input", index);
            }
            SavedTensor tensor = saved(index);
            return frame == null ? tensor.get(OpNode.this)
                    : tensor.get(OpNode.this, inputs[index], inputOutputs[index]);
        }

        @Override
        public Tensor output(int index) {
            if (!op.reads().output(index)) {
                throw undeclared("output", index);
            }
            SavedTensor tensor = saved(inputs.length + index);
            return frame == null ? tensor.get(OpNode.this) : tensor.get(OpNode.this, OpNode.this, index);
        }

        private StateException undeclared(String what, int index) {
            return new StateException(name() + ": gradient rule reads " + what + " " + index
                    + ", which it does not declare; got " + op.reads() + "; add it to reads()");
        }

        @Override
        public Tensor gradOutput(int index) {
            Tensor grad = gradOutputs[index];
            return grad != null ? grad : Tensors.fullLike(outputSpecs[index], 0);
        }

        @Override
        public boolean hasGradOutput(int index) {
            return gradOutputs[index] != null;
        }

        @Override
        public boolean needs(int index) {
            return needed[index];
        }

        @Override
        public int inputCount() {
            return inputs.length;
        }

        @Override
        public TensorSpec inputSpec(int index) {
            return inputSpecs[index];
        }

        @Override
        public TensorSpec outputSpec(int index) {
            return outputSpecs[index];
        }
    }
}
