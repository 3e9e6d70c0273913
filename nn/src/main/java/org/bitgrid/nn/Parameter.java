package org.bitgrid.nn;

import java.util.HashMap;
import java.util.Map;
import org.bitgrid.tensor.Dispatch;
import org.bitgrid.tensor.Shape;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.spi.TensorAccess;

/**
 * A learnable tensor of a module: a stable holder whose tensor may be replaced (by folding, loading, moving to another
 * device). Optimizers keep their state by holder.
 */
public final class Parameter {
    private static final ThreadLocal<Map<Parameter, Tensor>> SUBSTITUTES = new ThreadLocal<>();

    private Tensor tensor;
    private boolean requiresGrad;
    private long changesBefore;
    private int versionHeld;

    /** A parameter that collects gradients, when its tensor is floating point. */
    public Parameter(Tensor tensor) {
        this(tensor, tensor.dtype().isFloating());
    }

    public Parameter(Tensor tensor, boolean requiresGrad) {
        this.requiresGrad = requiresGrad;
        hold(tensor);
    }

    private void hold(Tensor value) {
        TensorAccess.get().retain(value);
        tensor = TensorAccess.get().alias(value);
        versionHeld = value.storage().version();
        if (requiresGrad) {
            tensor.requiresGrad(true);
        }
    }

    /** The tensor that layers compute with: the held one, or what stands in for it on this thread. */
    public Tensor tensor() {
        Map<Parameter, Tensor> substitutes = SUBSTITUTES.get();
        if (substitutes != null) {
            Tensor substitute = substitutes.get(this);
            if (substitute != null) {
                return substitute;
            }
        }
        return tensor;
    }

    /** The held tensor, whatever stands in for it. */
    public Tensor held() {
        return tensor;
    }

    /** Replaces the tensor; its gradient is forgotten. The shape may change. */
    public void set(Tensor value) {
        changesBefore = changes() + 1;
        replace(value);
    }

    /** Replaces the tensor by the same values on another device or of another type. */
    void relocate(Tensor value) {
        changesBefore = changes();
        replace(value);
    }

    /** How often the value was replaced or changed in place; what device and type it has makes no difference. */
    public long changes() {
        return changesBefore + tensor.storage().version() - versionHeld;
    }

    private void replace(Tensor value) {
        Tensor old = tensor;
        if (old.requiresGrad()) {
            old.setGrad(null);
        }
        hold(value);
        TensorAccess.get().release(old);
    }

    public Shape shape() {
        return tensor.spec().shape();
    }

    /** The accumulated gradient, or null. */
    public Tensor grad() {
        return tensor.grad();
    }

    /** Forgets the gradient. */
    public void zeroGrad() {
        if (requiresGrad) {
            tensor.setGrad(null);
        }
    }

    public boolean requiresGrad() {
        return requiresGrad;
    }

    /** Freezes the parameter or lets it learn again. Returns this. */
    public Parameter requiresGrad(boolean requires) {
        if (requires != requiresGrad) {
            if (requiresGrad) {
                tensor.setGrad(null);
            }
            requiresGrad = requires;
            Tensor bare = TensorAccess.get().alias(tensor);
            if (requires) {
                bare.requiresGrad(true);
            }
            tensor = bare;
        }
        return this;
    }

    /**
     * Has other tensors stand in for parameters on this thread until the scope is closed: how a quantized layer
     * computes with quantized weights while other threads do not notice. What stands in already goes on doing so, but
     * for the same parameters.
     */
    public static Dispatch.Scope substitute(Map<Parameter, Tensor> substitutes) {
        Map<Parameter, Tensor> before = SUBSTITUTES.get();
        Map<Parameter, Tensor> all = substitutes;
        if (before != null) {
            all = new HashMap<>(before);
            all.putAll(substitutes);
        }
        SUBSTITUTES.set(all);
        return () -> SUBSTITUTES.set(before);
    }

    @Override
    public String toString() {
        return "Parameter containing:\n" + tensor;
    }
}
