package org.bitgrid.autograd;

import java.util.List;
import org.bitgrid.tensor.Check;
import org.bitgrid.tensor.DTypeException;
import org.bitgrid.tensor.ShapeException;
import org.bitgrid.tensor.StateException;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.op.NotDifferentiable;
import org.bitgrid.tensor.op.Op;
import org.bitgrid.tensor.op.ViewOp;
import org.bitgrid.tensor.spi.GradEngine;
import org.bitgrid.tensor.spi.Interceptor;
import org.bitgrid.tensor.spi.TensorAccess;

/**
 * Records one node for each operator that a wanted gradient flows through, and walks the nodes backwards. Has no state
 * of its own: nodes hang from the tensors they made and go with them. Threads may record and walk separate graphs at
 * the same time, also when these share leaves.
 */
public final class Tape implements GradEngine {
    /** For ServiceLoader. */
    public Tape() {
    }

    @Override
    public Tensor[] record(Op op, Tensor[] inputs, Interceptor.Chain compute) {
        if (!anyRequiresGrad(inputs)) {
            return compute.proceed(op, inputs);
        }
        checkCurrent(op.name(), inputs);
        List<Integer> mutated = op.mutates();
        if (!mutated.isEmpty()) {
            checkInPlace(op, inputs, mutated);
            if (op instanceof NotDifferentiable) {
                return compute.proceed(op, inputs);
            }
        }
        Tensor[] outputs = compute.proceed(op, inputs);
        if (!anyFloating(outputs)) {
            return outputs;
        }
        OpNode node = new OpNode(op, inputs, outputs);
        attach(node, outputs);
        if (op instanceof ViewOp && outputs[0].storage() == inputs[0].storage()) {
            GradState.of(outputs[0]).viewOf(GradState.of(inputs[0]));
        }
        node.save(inputs, outputs);
        return outputs;
    }

    /** Makes {@code node} the origin of its outputs. An output that was overwritten in place keeps its state object. */
    static void attach(GradNode node, Tensor[] outputs) {
        for (int i = 0; i < outputs.length; i++) {
            if (!outputs[i].dtype().isFloating()) {
                continue;
            }
            GradState state = GradState.of(outputs[i]);
            if (state == null) {
                TensorAccess.get().setGradState(outputs[i], new GradState(node, i));
                continue;
            }
            if (state.retainsGrad) {
                state.node.stopRetaining(state);
                node.retain(state);
            }
            state.node = node;
            state.output = i;
        }
    }

    static boolean anyRequiresGrad(Tensor[] tensors) {
        for (Tensor tensor : tensors) {
            if (GradState.nodeOf(tensor) != null) {
                return true;
            }
        }
        return false;
    }

    static void checkCurrent(String operation, Tensor[] tensors) {
        for (Tensor tensor : tensors) {
            GradState state = GradState.of(tensor);
            if (state != null) {
                state.checkCurrent(operation, tensor);
            }
        }
    }

    private static boolean anyFloating(Tensor[] tensors) {
        for (Tensor tensor : tensors) {
            if (tensor.dtype().isFloating()) {
                return true;
            }
        }
        return false;
    }

    private static void checkInPlace(Op op, Tensor[] inputs, List<Integer> mutated) {
        for (int index : mutated) {
            Tensor target = inputs[index];
            GradState state = GradState.of(target);
            String what = op.name() + ": tensor of shape " + target.spec().shape();
            if (state != null && state.node instanceof LeafNode) {
                throw new StateException(what + " is a leaf that requires gradients and cannot be changed in place "
                        + "while operators are recorded; do it under Autograd.noGrad(), or clone it first");
            }
            if (state != null && state.isView()) {
                throw new StateException(what + " is a view of another tensor in the gradient graph and cannot be "
                        + "changed in place while operators are recorded; clone it first");
            }
            boolean recorded = !(op instanceof NotDifferentiable);
            if (recorded && (state == null || state.node == null)
                    && target.storage().length() != target.spec().shape().numel()) {
                throw new StateException(what + " is a part of a tensor that does not require gradients, so that "
                        + "gradients could not reach the whole; clone it first");
            }
        }
    }

    @Override
    public boolean requiresGrad(Tensor tensor) {
        return GradState.nodeOf(tensor) != null;
    }

    @Override
    public void setRequiresGrad(Tensor tensor, boolean requiresGrad) {
        GradState state = GradState.of(tensor);
        boolean now = state != null && state.node != null;
        if (requiresGrad == now) {
            return;
        }
        if (requiresGrad) {
            if (!tensor.dtype().isFloating()) {
                throw new DTypeException("requiresGrad", "only floating-point tensors can require gradients; got "
                        + tensor.dtype() + "; cast it with .to(DType.FLOAT32)");
            }
            GradState leaf = state == null ? new GradState(null, 0) : state;
            leaf.node = new LeafNode(tensor.spec(), leaf);
            TensorAccess.get().setGradState(tensor, leaf);
        } else if (state.node instanceof LeafNode) {
            state.node = null;
            if (state.grad() == null) {
                TensorAccess.get().setGradState(tensor, null);
            }
        } else {
            throw new StateException("requiresGrad: cannot be switched off for what an operator made; got "
                    + state.node + "; use detach()");
        }
    }

    @Override
    public Tensor grad(Tensor tensor) {
        GradState state = GradState.of(tensor);
        return state == null ? null : state.grad();
    }

    @Override
    public void setGrad(Tensor tensor, Tensor grad) {
        GradState state = GradState.of(tensor);
        if (grad != null) {
            Check.shape("setGrad", "gradient", grad.spec(), tensor.spec().shape());
            Check.sameType("setGrad", "gradient", grad.spec(), "tensor", tensor.spec());
            if (state == null) {
                state = new GradState(null, 0);
                TensorAccess.get().setGradState(tensor, state);
            }
        }
        if (state != null) {
            state.replaceGrad(grad);
        }
    }

    @Override
    public boolean isLeaf(Tensor tensor) {
        GradNode node = GradState.nodeOf(tensor);
        return node == null || node instanceof LeafNode;
    }

    @Override
    public void backward(Tensor root, Tensor gradient, boolean retainGraph, boolean createGraph) {
        BackwardPass pass = new BackwardPass(retainGraph || createGraph, createGraph);
        pass.start("backward", List.of(root), gradient == null ? List.of() : List.of(gradient));
        pass.accumulateIntoLeaves();
    }

    /** The gradient to start with: the given one, or 1 for a scalar. */
    static void checkSeed(String operation, Tensor root, Tensor gradient) {
        GradState state = GradState.of(root);
        if (state == null || state.node == null) {
            throw new StateException(operation + ": tensor of shape " + root.spec().shape() + " does not require "
                    + "gradients: nothing it was computed from asked for them with requiresGrad(true), or it was made "
                    + "under noGrad");
        }
        state.checkCurrent(operation, root);
        if (gradient != null) {
            Check.shape(operation, "gradient", gradient.spec(), root.spec().shape());
            Check.sameType(operation, "gradient", gradient.spec(), "tensor", root.spec());
        } else if (root.spec().shape().numel() != 1) {
            throw new ShapeException(operation, "needs a scalar; got " + root.spec().shape()
                    + "; call sum() or pass a gradient");
        }
    }
}
