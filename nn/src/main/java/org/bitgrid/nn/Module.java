package org.bitgrid.nn;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.bitgrid.tensor.DType;
import org.bitgrid.tensor.Device;
import org.bitgrid.nn.debug.ModelSummary;
import org.bitgrid.tensor.Dispatch;
import org.bitgrid.tensor.ShapeException;
import org.bitgrid.tensor.StateException;
import org.bitgrid.tensor.Tensor;

/**
 * A layer or a network: named children, parameters and buffers, and a {@code forward} that uses them. Subclasses add
 * their children in field initialisers and override one {@code forward}; callers use {@link #call}.
 *
 * <pre>{@code
 * final class Network extends Module {
 *     final Linear hidden = add("hidden", new Linear(784, 100));
 *     final Linear output = add("output", new Linear(100, 10));
 *
 *     protected Tensor forward(Tensor x) {
 *         return output.call(F.relu(hidden.call(x)));
 *     }
 * }
 * }</pre>
 *
 * <p>Parameters are made when a layer is added to its parent or used for the first time, so that fluent settings such
 * as {@code new Conv2d(1, 8, 3).stride(2)} can come first; later they are an error.
 */
public abstract class Module implements Cloneable {
    static final String EXTRA_STATE = "_extra_state";

    private static final ThreadLocal<ModuleInterceptor> INTERCEPTOR = new ThreadLocal<>();

    private Map<String, Module> children = new LinkedHashMap<>();
    private Map<String, Parameter> parameters = new LinkedHashMap<>();
    private Map<String, Buffer> buffers = new LinkedHashMap<>();
    private ModuleHooks hooks = new ModuleHooks();
    private boolean training = true;
    private boolean built;

    protected Module() {
    }

    /** Called before a module runs. */
    @FunctionalInterface
    public interface ForwardPreHook {
        /** Returns other arguments, or null to leave them as they are. */
        List<Object> runs(Module module, List<Object> arguments);
    }

    /** Called when gradients have gone through a module. */
    @FunctionalInterface
    public interface BackwardHook {
        /**
         * Returns other gradients of the input tensors, or null to leave them as they are.
         *
         * @param gradInputs none when no input requires gradients
         */
        Tensor[] passed(Module module, Tensor[] gradInputs, Tensor[] gradOutputs);
    }

    /** Called after a module ran. */
    @FunctionalInterface
    public interface ForwardHook {
        /** Returns other outputs, or null to leave them as they are. */
        Tensor[] ran(Module module, List<Object> arguments, Tensor[] outputs);
    }

    // ------------------------------------------------------------------ structure

    /** Registers a child, which replaces one of the same name in its place, and returns it. */
    protected final <M extends Module> M add(String name, M child) {
        setChild(name, child);
        return child;
    }

    /** Registers or replaces a child. For graph rewriting; networks use {@link #add}. */
    public final void setChild(String name, Module child) {
        checkName(name, parameters.containsKey(name) || buffers.containsKey(name));
        child.ensureBuilt();
        children.put(name, child);
    }

    /** Removes a child. */
    public final void removeChild(String name) {
        children.remove(name);
    }

    /** Registers a parameter under a name, or replaces it, and returns it. */
    protected final Parameter addParameter(String name, Parameter parameter) {
        checkName(name, children.containsKey(name) || buffers.containsKey(name));
        parameters.put(name, parameter);
        return parameter;
    }

    /** Registers a buffer under a name, or replaces it, and returns it. */
    protected final Buffer addBuffer(String name, Buffer buffer) {
        checkName(name, children.containsKey(name) || parameters.containsKey(name));
        buffers.put(name, buffer);
        return buffer;
    }

    /** Takes a parameter away, as modules do that change what they learn. */
    protected final void removeParameter(String name) {
        parameters.remove(name);
    }

    private void checkName(String name, boolean taken) {
        if (name.isEmpty() || name.contains(".")) {
            throw new StateException(typeName() + ": member names must not be empty or contain dots; got \"" + name
                    + "\"");
        }
        if (taken) {
            throw new StateException(typeName() + ": a member of another kind is called \"" + name + "\" already");
        }
    }

    /** Makes parameters and buffers. Runs once, when the module is added to a parent or first used. */
    protected void build() {
        // most modules have nothing to make
    }

    private void ensureBuilt() {
        if (!built) {
            built = true;
            build();
        }
    }

    /** For fluent setters: an error once parameters exist. */
    protected final void checkNotBuilt(String setting) {
        if (built) {
            throw new StateException(typeName() + ": " + setting + " cannot be changed once the layer is in use; set "
                    + "it where the layer is made, before it is added to a module");
        }
    }

    /** Name of the class as PyTorch would print it. */
    public String typeName() {
        String name = getClass().getSimpleName();
        return name.isEmpty() ? "Module" : name;
    }

    /** Direct children in the order they were added. */
    public final Map<String, Module> namedChildren() {
        ensureBuilt();
        return Collections.unmodifiableMap(children);
    }

    /** The descendant at a dotted path; the empty path is this module. */
    public final Module get(String path) {
        Module module = this;
        if (!path.isEmpty()) {
            for (String name : path.split("\\.")) {
                Module child = module.children.get(name);
                if (child == null) {
                    throw new StateException(typeName() + ": has no module \"" + path + "\"; \"" + name
                            + "\" is not among " + module.children.keySet());
                }
                module = child;
            }
        }
        return module;
    }

    /** This module and all below it with their dotted paths, parents first; a shared module appears once. */
    public final Map<String, Module> namedModules() {
        return ModuleTree.named(this);
    }

    /** This module and all below it, parents first. */
    public final List<Module> modules() {
        return List.copyOf(namedModules().values());
    }

    /** Parameters of this module alone, by name. */
    public final Map<String, Parameter> ownParameters() {
        ensureBuilt();
        return Collections.unmodifiableMap(parameters);
    }

    /** Buffers of this module alone, by name. */
    public final Map<String, Buffer> ownBuffers() {
        ensureBuilt();
        return Collections.unmodifiableMap(buffers);
    }

    /** All parameters with their dotted paths; a shared one appears once. */
    public final Map<String, Parameter> namedParameters() {
        Map<String, Parameter> found = new LinkedHashMap<>();
        Set<Parameter> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        namedModules().forEach((path, module) -> module.parameters.forEach((name, parameter) -> {
            if (seen.add(parameter)) {
                found.put(path.isEmpty() ? name : path + "." + name, parameter);
            }
        }));
        return found;
    }

    /** All parameters. */
    public final List<Parameter> parameters() {
        return List.copyOf(namedParameters().values());
    }

    /** All buffers with their dotted paths. */
    public final Map<String, Buffer> namedBuffers() {
        Map<String, Buffer> found = new LinkedHashMap<>();
        namedModules().forEach((path, module) -> module.buffers.forEach((name, buffer) ->
                found.put(path.isEmpty() ? name : path + "." + name, buffer)));
        return found;
    }

    /** Calls {@code action} with every module below and then with this one. Returns this. */
    public final Module apply(Consumer<Module> action) {
        ModuleTree.childrenFirst(this).forEach(action);
        return this;
    }

    /** Converts all floating-point parameters and buffers here and below. Returns this. */
    public final Module to(DType dtype) {
        StateDicts.convert(this, dtype);
        return this;
    }

    /**
     * Moves all parameters, their gradients and all buffers here and below to another device. Returns this. Optimizers
     * keep their state by parameter: make them afterwards, as in PyTorch.
     *
     * @throws org.bitgrid.tensor.DeviceException when the device cannot be used; nothing has moved then
     */
    public final Module to(Device device) {
        StateDicts.move(this, device);
        return this;
    }

    /** Calls {@code action} with the path and the module, for this module and all below it. */
    public final void forEachModule(BiConsumer<String, Module> action) {
        namedModules().forEach(action);
    }

    // ------------------------------------------------------------------ mode

    /** Sets training mode here and below. Returns this. */
    public final Module train() {
        return train(true);
    }

    /** Sets evaluation mode here and below. Returns this. */
    public final Module eval() {
        return train(false);
    }

    /** Sets training or evaluation mode here and below. Returns this. */
    public Module train(boolean mode) {
        for (Module module : modules()) {
            module.training = mode;
        }
        return this;
    }

    /** Sets the mode of this module alone. */
    final void setTraining(boolean mode) {
        training = mode;
    }

    /** Whether this module is in training mode. */
    public final boolean isTraining() {
        return training;
    }

    /** Forgets all gradients here and below. */
    public final void zeroGrad() {
        parameters().forEach(Parameter::zeroGrad);
    }

    /** Freezes all parameters here and below, or lets them learn again. Returns this. */
    public final Module requiresGrad(boolean requires) {
        parameters().forEach(parameter -> parameter.requiresGrad(requires));
        return this;
    }

    // ------------------------------------------------------------------ state

    /** All parameters and buffers by dotted path, as they are now (not copies). */
    public final Map<String, Tensor> stateDict() {
        Map<String, Tensor> state = new LinkedHashMap<>();
        namedModules().forEach((path, module) -> {
            String prefix = path.isEmpty() ? "" : path + ".";
            module.parameters.forEach((name, parameter) -> state.put(prefix + name, parameter.held().detach()));
            module.buffers.forEach((name, buffer) -> state.put(prefix + name, buffer.tensor()));
            Tensor extra = module.extraState();
            if (extra != null) {
                state.put(prefix + EXTRA_STATE, extra);
            }
        });
        return state;
    }

    /** State beyond parameters and buffers, kept as {@code _extra_state} in the state dict; null for none. */
    protected Tensor extraState() {
        return null;
    }

    /**
     * Takes back what {@link #extraState} gave, after parameters and buffers were loaded. Not called when the loaded state
     * has none: files of other programs may lack it.
     */
    protected void loadExtraState(Tensor state) {
        // most modules have none
    }

    /** Copies values in by dotted path; every entry must be there, none may be left over, and shapes must agree. */
    public final void loadStateDict(Map<String, Tensor> state) {
        StateDicts.load(this, state, true);
    }

    /**
     * Copies values in by dotted path.
     *
     * @param strict whether missing and unexpected entries are errors
     */
    public final void loadStateDict(Map<String, Tensor> state, boolean strict) {
        StateDicts.load(this, state, strict);
    }

    /**
     * A deep copy: children, parameters and buffers of its own that hold the same values. What parts of this module
     * share, the parts of the copy share. Hooks and gradients are not copied.
     *
     * @throws StateException when a module of the user's is among them that does not say how to copy it
     */
    public Module copy() {
        return new ModuleCopier().copy(this);
    }

    /**
     * Makes a copy of this module. Layers of the library are copied field by field and must look their members up by
     * name; a module that holds members in fields overrides this, as in
     * {@code return copier.fill(this, new Block(8));}.
     */
    protected Module newCopy(ModuleCopier copier) {
        ensureBuilt();
        boolean members = !(children.isEmpty() && parameters.isEmpty() && buffers.isEmpty());
        if (members && !getClass().getPackageName().matches("org\\.bitgrid\\.(nn|quant)(\\..*)?")) {
            throw new StateException("copy: cannot copy " + getClass().getName() + ", which may hold members in fields"
                    + "; override newCopy to return copier.fill(this, new " + getClass().getSimpleName() + "(...))");
        }
        try {
            Module copy = (Module) clone();
            copy.children = new LinkedHashMap<>();
            children.forEach((name, child) -> copy.children.put(name, copier.copy(child)));
            copy.parameters = new LinkedHashMap<>();
            parameters.forEach((name, parameter) -> copy.parameters.put(name, copier.copy(parameter)));
            copy.buffers = new LinkedHashMap<>();
            buffers.forEach((name, buffer) -> copy.buffers.put(name, copier.copy(buffer)));
            copy.hooks = new ModuleHooks();
            return copy;
        } catch (CloneNotSupportedException impossible) {
            throw new StateException("copy: " + impossible.getMessage());
        }
    }

    // ------------------------------------------------------------------ running

    /** Runs the module on tensors; it must have one output. */
    public final Tensor call(Tensor... inputs) {
        return one(callWith(Arrays.<Object>asList((Object[]) inputs)));
    }

    private Tensor one(Tensor[] outputs) {
        if (outputs.length != 1) {
            throw new ShapeException(typeName(), "call returns one tensor but the module gave " + outputs.length
                    + "; use callWith");
        }
        return outputs[0];
    }

    /**
     * Runs the module on tensors and literals (numbers, lists, booleans), in the order of its {@code forward}.
     * Everything else goes through here: interceptors, then {@code forward}, then hooks.
     */
    public final Tensor[] callWith(List<Object> arguments) {
        ensureBuilt();
        ModuleInterceptor interceptor = INTERCEPTOR.get();
        return interceptor == null ? run(arguments) : interceptor.intercept(this, arguments, this::run);
    }

    private Tensor[] run(List<Object> arguments) {
        ModuleInterceptor interceptor = INTERCEPTOR.get();
        return interceptor != null && !interceptor.runsHooks() ? forwardWith(arguments) : hooks.run(this, arguments);
    }

    /** Has {@code interceptor} see every module call on this thread until the scope is closed; null hides the rest. */
    public static Dispatch.Scope intercept(ModuleInterceptor interceptor) {
        ModuleInterceptor before = INTERCEPTOR.get();
        INTERCEPTOR.set(interceptor);
        return () -> INTERCEPTOR.set(before);
    }

    /** Calls {@code hook} after every run until the returned scope is closed. */
    public final Dispatch.Scope onForward(ForwardHook hook) {
        return hooks.add(hook);
    }

    /** Calls {@code hook} before every run until the returned scope is closed. */
    public final Dispatch.Scope onForwardPre(ForwardPreHook hook) {
        return hooks.add(hook);
    }

    /** Calls {@code hook} each time gradients have gone through until the returned scope is closed. */
    public final Dispatch.Scope onBackward(BackwardHook hook) {
        return hooks.add(hook);
    }

    /** Runs on tensors and literals. Modules that take literals override this; others override a simpler one. */
    protected Tensor[] forwardWith(List<Object> arguments) {
        Tensor[] inputs = new Tensor[arguments.size()];
        for (int i = 0; i < inputs.length; i++) {
            if (!(arguments.get(i) instanceof Tensor tensor)) {
                throw new ShapeException(typeName(), "argument " + i + " must be a tensor; got "
                        + arguments.get(i));
            }
            inputs[i] = tensor;
        }
        return forwardAll(inputs);
    }

    /** Runs on tensors, for modules with several outputs or any number of inputs. */
    protected Tensor[] forwardAll(Tensor... inputs) {
        return new Tensor[] {switch (inputs.length) {
            case 1 -> forward(inputs[0]);
            case 2 -> forward(inputs[0], inputs[1]);
            case 3 -> forward(inputs[0], inputs[1], inputs[2]);
            default -> throw wrongCount(inputs.length);
        }};
    }

    /** Runs on one tensor. */
    protected Tensor forward(Tensor x) {
        throw wrongCount(1);
    }

    /** Runs on two tensors. */
    protected Tensor forward(Tensor first, Tensor second) {
        throw wrongCount(2);
    }

    /** Runs on three tensors. */
    protected Tensor forward(Tensor first, Tensor second, Tensor third) {
        throw wrongCount(3);
    }

    private ShapeException wrongCount(int count) {
        return new ShapeException(typeName(), "cannot be called with " + count + " tensors; override forward with "
                + count + " parameters, or call it as its documentation says");
    }

    // ------------------------------------------------------------------ text

    /** A table of the layers that run on a sample: shapes of outputs, numbers of parameters and of products. */
    public final String summary(Tensor... sampleInput) {
        return ModelSummary.of(this, sampleInput).toString();
    }

    /** Settings between the parentheses of the printed form. */
    protected String extraRepr() {
        return "";
    }

    /** What stands between the parentheses of the printed form, but for children: for modules that wrap others. */
    public final String settings() {
        ensureBuilt();
        return extraRepr();
    }

    /** What stands behind each child's name in the printed form. */
    protected Map<String, String> printedChildren() {
        Map<String, String> printed = new LinkedHashMap<>();
        namedChildren().forEach((name, child) -> printed.put(name, child.toString()));
        return printed;
    }

    /** The module tree as PyTorch prints it. */
    @Override
    public String toString() {
        return ModulePrinter.print(this);
    }
}
