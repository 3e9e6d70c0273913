package org.bitgrid.autograd;

import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import org.bitgrid.tensor.Dispatch;
import org.bitgrid.tensor.ShapeException;
import org.bitgrid.tensor.StateException;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.spi.TensorAccess;

/**
 * Differentiation. The short way is {@link Tensor#backward()} and {@link Tensor#grad()}; this is everything else.
 *
 * <pre>{@code
 * Tensor w = Tensors.randn(rng, 3).requiresGrad(true);
 * Tensor slope = Autograd.grad(w.square().sum(), w)[0];
 * try (var off = Autograd.noGrad()) {
 *     w.addInPlace(slope.mul(-0.1));
 * }
 * }</pre>
 */
public final class Autograd {
    private Autograd() {
    }

    /** A function's value and the gradients of its inputs. */
    public record ValueAndGrad(Tensor value, List<Tensor> grads) {
    }

    /** Stops recording on this thread until the scope is closed. */
    public static Dispatch.Scope noGrad() {
        return Dispatch.gradEnabled(false);
    }

    /** Goes on recording on this thread until the scope is closed. */
    public static Dispatch.Scope enableGrad() {
        return Dispatch.gradEnabled(true);
    }

    public static boolean isGradEnabled() {
        return Dispatch.isGradEnabled();
    }

    /** Computes without recording. */
    public static <T> T noGrad(Supplier<T> computation) {
        try (Dispatch.Scope off = noGrad()) {
            return computation.get();
        }
    }

    /** Accumulates the gradients of {@code root} into the leaves it was computed from. */
    public static void backward(Tensor root, GradOptions options) {
        backward(List.of(root), options);
    }

    /** Accumulates the gradients of the sum of {@code roots} into the leaves they were computed from. */
    public static void backward(List<Tensor> roots, GradOptions options) {
        start("backward", roots, options).accumulateIntoLeaves();
    }

    /** Gradients of a scalar with respect to {@code inputs}; the leaves' own gradients stay as they are. */
    public static Tensor[] grad(Tensor output, Tensor... inputs) {
        return grad(List.of(output), Arrays.asList(inputs), GradOptions.DEFAULT);
    }

    /**
     * Gradients of the sum of {@code outputs}, each weighted by its gradOutput, with respect to {@code inputs}, which
     * may be leaves or results of operators.
     *
     * @throws StateException when an input was not used and {@link GradOptions#allowUnused} is off
     */
    public static Tensor[] grad(List<Tensor> outputs, List<Tensor> inputs, GradOptions options) {
        for (int i = 0; i < inputs.size(); i++) {
            if (!inputs.get(i).requiresGrad() && !options.allowUnused()) {
                throw new StateException("grad: input " + i + " does not require gradients; got shape "
                        + inputs.get(i).spec().shape() + "; call requiresGrad(true) before it is used, or allow unused "
                        + "inputs");
            }
        }
        Tensor[] gradients = start("grad", outputs, options).gradientsOf(inputs);
        for (int i = 0; i < gradients.length; i++) {
            if (gradients[i] == null && !options.allowUnused()) {
                throw new StateException("grad: input " + i + " was not used to compute the outputs; got shape "
                        + inputs.get(i).spec().shape() + "; allow unused inputs to get null for it");
            }
        }
        return gradients;
    }

    private static BackwardPass start(String operation, List<Tensor> outputs, GradOptions options) {
        int given = options.gradOutputs().size();
        if (given != 0 && given != outputs.size()) {
            throw new ShapeException(operation, "needs a gradient for each output or none at all; got " + given
                    + " gradients for " + outputs.size() + " outputs");
        }
        BackwardPass pass = new BackwardPass(options.retainGraph() || options.createGraph(), options.createGraph());
        pass.start(operation, outputs, options.gradOutputs());
        return pass;
    }

    /** Value of a scalar function at {@code inputs} and its gradients there. The inputs stay as they are. */
    public static ValueAndGrad valueAndGrad(Function<Tensor[], Tensor> function, Tensor... inputs) {
        Tensor[] leaves = new Tensor[inputs.length];
        for (int i = 0; i < leaves.length; i++) {
            leaves[i] = TensorAccess.get().alias(inputs[i]).requiresGrad(true);
        }
        try (Dispatch.Scope on = enableGrad()) {
            Tensor value = function.apply(leaves);
            Tensor[] grads = grad(value, leaves);
            return new ValueAndGrad(value.detach(), List.of(grads));
        }
    }

    /** Has {@link Tensor#grad()} filled also for a tensor that an operator made. Returns it. */
    public static Tensor retainGrad(Tensor tensor) {
        GradState state = GradState.of(tensor);
        if (state == null || state.node == null) {
            throw new StateException("retainGrad: tensor does not require gradients; got shape "
                    + tensor.spec().shape());
        }
        if (!(state.node instanceof LeafNode) && !state.retainsGrad) {
            state.retainsGrad = true;
            state.node.retain(state);
        }
        return tensor;
    }
}
