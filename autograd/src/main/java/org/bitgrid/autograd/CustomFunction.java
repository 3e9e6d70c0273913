package org.bitgrid.autograd;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.bitgrid.tensor.Dispatch;
import org.bitgrid.tensor.StateException;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.TensorSpec;
import org.bitgrid.tensor.spi.TensorAccess;

/**
 * A function with a backward of its own, such as a straight-through estimator. What {@link #backward} does with
 * operators can be differentiated again.
 *
 * <pre>{@code
 * final class RoundStraightThrough extends CustomFunction {
 *     protected Tensor[] forward(Context context, Tensor... inputs) {
 *         return new Tensor[] {inputs[0].round()};
 *     }
 *
 *     protected Tensor[] backward(Context context, Tensor... gradOutputs) {
 *         return gradOutputs;
 *     }
 * }
 * Tensor y = new RoundStraightThrough().apply(x);
 * }</pre>
 */
public abstract class CustomFunction {
    /** What one call hands from forward to backward. */
    public static final class Context {
        private Tensor[] toSave = {};
        private SavedTensor[] saved = {};
        private FunctionNode node;
        private boolean[] needed = {};

        private Context() {
        }

        /** Keeps inputs, outputs or other tensors for backward; the last call counts. */
        public void save(Tensor... tensors) {
            toSave = tensors.clone();
        }

        /** The tensor that was saved at this position. */
        public Tensor saved(int index) {
            if (index < 0 || index >= saved.length) {
                throw new StateException((node == null ? "CustomFunction" : node.name()) + ": no tensor was saved at "
                        + "position " + index + "; got " + saved.length + " saved tensors; call context.save(...) in "
                        + "forward");
            }
            return saved[index].get(node);
        }

        /** In backward: whether somebody wants the gradient of this input. */
        public boolean needs(int input) {
            return needed[input];
        }

        /** In backward: shape, type and device of this input. */
        public TensorSpec inputSpec(int input) {
            return node.inputSpecs[input];
        }

        void prepare(FunctionNode reader, boolean[] wanted) {
            node = reader;
            needed = wanted;
        }

        boolean hasSaved() {
            return saved.length > 0;
        }

        private void seal() {
            saved = new SavedTensor[toSave.length];
            for (int i = 0; i < saved.length; i++) {
                saved[i] = new SavedTensor(toSave[i], false);
            }
            toSave = new Tensor[0];
        }

        void release() {
            for (SavedTensor each : saved) {
                each.release();
            }
        }
    }

    /** Computes the outputs. Nothing in here is recorded. */
    protected abstract Tensor[] forward(Context context, Tensor... inputs);

    /**
     * Gradients of the inputs, one for each, null where none flows.
     *
     * @param gradOutputs gradients of the outputs, zeros where nothing flows
     */
    protected abstract Tensor[] backward(Context context, Tensor... gradOutputs);

    /** Name in error messages. */
    protected String name() {
        String simple = getClass().getSimpleName();
        return simple.isEmpty() ? "CustomFunction" : simple;
    }

    /** Runs a function with one output. */
    public final Tensor apply(Tensor... inputs) {
        return applyAll(inputs)[0];
    }

    /** Runs the function. */
    public final Tensor[] applyAll(Tensor... inputs) {
        Context context = new Context();
        Tensor[] outputs = Autograd.noGrad((Supplier<Tensor[]>) () -> forward(context, inputs.clone()));
        List<Tensor> fresh = new ArrayList<>();
        for (Tensor output : outputs) {
            // An input handed through, or a tensor with a history of its own, must not have that history replaced.
            fresh.add(TensorAccess.get().gradState(output) != null || contains(inputs, output)
                    ? TensorAccess.get().alias(output) : output);
        }
        Tensor[] results = fresh.toArray(new Tensor[0]);
        if (Dispatch.isGradEnabled() && Tape.anyRequiresGrad(inputs)) {
            Tape.checkCurrent(name(), inputs);
            FunctionNode node = new FunctionNode(this, context, inputs, results);
            Tape.attach(node, results);
            for (int i = 0; i < context.toSave.length; i++) {
                for (int j = 0; j < outputs.length; j++) {
                    context.toSave[i] = context.toSave[i] == outputs[j] && !contains(inputs, outputs[j])
                            ? results[j] : context.toSave[i];
                }
            }
            context.seal();
            CheckpointFrame.saved(node);
        }
        return results;
    }

    private static boolean contains(Tensor[] tensors, Tensor wanted) {
        for (Tensor tensor : tensors) {
            if (tensor == wanted) {
                return true;
            }
        }
        return false;
    }
}
