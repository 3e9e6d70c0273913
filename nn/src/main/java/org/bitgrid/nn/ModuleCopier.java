package org.bitgrid.nn;

import java.util.IdentityHashMap;
import java.util.Map;
import org.bitgrid.tensor.Dispatch;
import org.bitgrid.tensor.StateException;
import org.bitgrid.tensor.Tensor;

/**
 * Makes one deep copy: what was shared between modules is shared between their copies. Recursion is over the module
 * tree, whose depth its author wrote down.
 */
public final class ModuleCopier {
    private final Map<Module, Module> modules = new IdentityHashMap<>();
    private final Map<Parameter, Parameter> parameters = new IdentityHashMap<>();
    private final Map<Buffer, Buffer> buffers = new IdentityHashMap<>();

    ModuleCopier() {
    }

    /** The copy of a module, made when it is first asked for; null for null. */
    @SuppressWarnings("unchecked") // Module.newCopy gives the class it is called on
    public <M extends Module> M copy(M module) {
        if (module == null) {
            return null;
        }
        Module copy = modules.get(module);
        if (copy == null) {
            copy = module.newCopy(this);
            if (copy.getClass() != module.getClass()) {
                throw new StateException("copy: newCopy of " + module.getClass().getName() + " gave a "
                        + copy.getClass().getName() + "; override it in each subclass");
            }
            modules.put(module, copy);
        }
        return (M) copy;
    }

    /** The copy of a parameter: same values, in memory of its own, without gradient. */
    public Parameter copy(Parameter parameter) {
        return parameters.computeIfAbsent(parameter, original ->
                new Parameter(values(original.held()), original.requiresGrad()));
    }

    /** The copy of a buffer. */
    public Buffer copy(Buffer buffer) {
        return buffers.computeIfAbsent(buffer, original -> new Buffer(values(original.tensor())));
    }

    /** The same values in memory of their own. */
    public static Tensor values(Tensor tensor) {
        try (var hidden = Dispatch.suspendInterceptors(); var noGrad = Dispatch.gradEnabled(false)) {
            return tensor.clone().detach();
        }
    }

    /**
     * For {@link Module#newCopy}: gives {@code fresh}, made by a constructor, the state, the mode and the frozen
     * parameters of {@code original}, and returns it.
     */
    public <M extends Module> M fill(M original, M fresh) {
        fresh.loadStateDict(original.stateDict());
        Map<String, Module> from = original.namedModules();
        fresh.namedModules().forEach((path, module) -> module.setTraining(from.get(path).isTraining()));
        Map<String, Parameter> learning = original.namedParameters();
        fresh.namedParameters().forEach((path, parameter) ->
                parameter.requiresGrad(learning.get(path).requiresGrad()));
        return fresh;
    }
}
