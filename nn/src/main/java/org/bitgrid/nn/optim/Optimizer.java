package org.bitgrid.nn.optim;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bitgrid.nn.Parameter;
import org.bitgrid.tensor.BitgridException;
import org.bitgrid.tensor.Dispatch;
import org.bitgrid.tensor.Tensor;

/**
 * Changes parameters in place from their gradients. Parameters are in groups with settings of their own; those without
 * a gradient are left alone. State is kept by parameter and outlives tensor scopes.
 */
public abstract class Optimizer {
    private final List<ParameterGroup> groups = new ArrayList<>();
    private final Map<String, Double> defaults;
    private final Map<Parameter, ParameterState> states = new IdentityHashMap<>();

    /** Settings have PyTorch's names; switches are 0 or 1. */
    protected Optimizer(List<Parameter> parameters, Map<String, Double> defaults) {
        this.defaults = new LinkedHashMap<>(defaults);
        Settings.check(name(), defaults);
        addGroup(parameters);
    }

    /** Name of the class, which starts error messages. */
    protected final String name() {
        return getClass().getSimpleName();
    }

    /** The groups, in the order they were added. */
    public final List<ParameterGroup> groups() {
        return Collections.unmodifiableList(groups);
    }

    /** Adds parameters that learn with settings of their own; change them through the group that is returned. */
    public final ParameterGroup addGroup(List<Parameter> parameters) {
        if (parameters.isEmpty()) {
            throw new BitgridException(name() + ": got no parameters; expected at least one; add layers to the model "
                    + "before making its optimizer");
        }
        Map<Parameter, Boolean> seen = new IdentityHashMap<>();
        groups.forEach(group -> group.parameters().forEach(parameter -> seen.put(parameter, true)));
        for (Parameter parameter : parameters) {
            if (seen.put(parameter, true) != null) {
                throw new BitgridException(name() + ": a parameter of shape " + parameter.shape()
                        + " is given twice; expected each parameter in one group only");
            }
        }
        ParameterGroup group = new ParameterGroup(name(), parameters, defaults);
        groups.add(group);
        return group;
    }

    /** For fluent setters: changes a setting of all groups and of those that are added later. */
    protected final void setting(String setting, double value) {
        groups.forEach(group -> group.set(setting, value));
        defaults.put(setting, value);
    }

    /** Forgets the gradients of all parameters. */
    public final void zeroGrad() {
        groups.forEach(group -> group.parameters().forEach(Parameter::zeroGrad));
    }

    /** Takes one step with every parameter that has a gradient. */
    public void step() {
        try (Dispatch.Scope off = Dispatch.gradEnabled(false)) {
            for (ParameterGroup group : groups) {
                for (Parameter parameter : group.parameters()) {
                    Tensor gradient = parameter.requiresGrad() ? parameter.grad() : null;
                    if (gradient != null) {
                        update(group, parameter.held().detach(), gradient.detach(), state(parameter));
                    }
                }
            }
        }
    }

    /** Changes one parameter in place. Nothing is recorded for differentiation here. */
    protected abstract void update(ParameterGroup group, Tensor parameter, Tensor gradient, ParameterState state);

    final ParameterState state(Parameter parameter) {
        return states.computeIfAbsent(parameter, key -> new ParameterState());
    }

    /** A state tensor of this parameter, such as {@code exp_avg}, or null while there is none. */
    public final Tensor stateTensor(Parameter parameter, String tensor) {
        ParameterState state = states.get(parameter);
        return state == null ? null : state.tensors().get(tensor);
    }

    // ------------------------------------------------------------------ saving

    /** State and settings as they are now (not copies). */
    public final OptimizerState stateDict() {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        Map<String, Double> numbers = new LinkedHashMap<>();
        int index = 0;
        for (int g = 0; g < groups.size(); g++) {
            String groupPrefix = "group." + g + ".";
            groups.get(g).settings().forEach((name, value) -> numbers.put(groupPrefix + name, value));
            for (Parameter parameter : groups.get(g).parameters()) {
                ParameterState state = states.get(parameter);
                String prefix = "state." + index++ + ".";
                if (state != null) {
                    state.tensors().forEach((name, tensor) -> tensors.put(prefix + name, tensor));
                    state.numbers().forEach((name, value) -> numbers.put(prefix + name, value));
                }
            }
        }
        return new OptimizerState(tensors, numbers);
    }

    /**
     * Goes on from a saved state of an optimizer of the same kind over the same parameters; values are copied in.
     * Every fault is listed at once, and then nothing changes.
     */
    public final void loadStateDict(OptimizerState saved) {
        List<Parameter> parameters = new ArrayList<>();
        groups.forEach(group -> parameters.addAll(group.parameters()));
        List<String> faults = new ArrayList<>();
        saved.tensors().forEach((name, tensor) -> checkTensor(name, tensor, parameters, faults));
        saved.numbers().forEach((name, value) -> checkNumber(name, value, parameters, faults));
        for (int g = 0; g < groups.size(); g++) {
            for (String setting : groups.get(g).settings().keySet()) {
                if (!saved.numbers().containsKey("group." + g + "." + setting)) {
                    faults.add("missing group." + g + "." + setting);
                }
            }
        }
        if (!faults.isEmpty()) {
            throw new BitgridException(name() + ".loadStateDict: optimizer and state do not agree: "
                    + String.join("; ", faults));
        }
        states.values().forEach(ParameterState::clear);
        try (Dispatch.Scope off = Dispatch.gradEnabled(false)) {
            saved.tensors().forEach((name, tensor) -> {
                Entry entry = Entry.parse(name);
                Parameter parameter = parameters.get(entry.index());
                Tensor value = tensor.detach();
                state(parameter).put(entry.name(), value.dtype() == parameter.held().dtype() ? value.clone()
                        : value.to(parameter.held().dtype()));
            });
        }
        saved.numbers().forEach((name, value) -> {
            Entry entry = Entry.parse(name);
            if (entry.kind().equals("group")) {
                groups.get(entry.index()).set(entry.name(), value);
            } else {
                state(parameters.get(entry.index())).setNumber(entry.name(), value);
            }
        });
    }

    private static void checkTensor(String name, Tensor tensor, List<Parameter> parameters, List<String> faults) {
        Entry entry = Entry.parse(name);
        if (entry == null || !entry.kind().equals("state") || entry.index() >= parameters.size()) {
            faults.add("unexpected " + name);
        } else if (!tensor.spec().shape().equals(parameters.get(entry.index()).shape())) {
            faults.add("shape of " + name + ": got " + tensor.spec().shape() + ", expected "
                    + parameters.get(entry.index()).shape());
        }
    }

    private void checkNumber(String name, double value, List<Parameter> parameters, List<String> faults) {
        Entry entry = Entry.parse(name);
        boolean group = entry != null && entry.kind().equals("group");
        if (entry == null || entry.index() >= (group ? groups.size() : parameters.size())
                || group && !groups.get(entry.index()).settings().containsKey(entry.name())) {
            faults.add("unexpected " + name);
        } else if (group) {
            try {
                Settings.check(name(), entry.name(), value);
            } catch (BitgridException e) {
                faults.add(e.getMessage());
            }
        }
    }

    /** {@code state.3.exp_avg} or {@code group.0.lr}, taken apart. */
    private record Entry(String kind, int index, String name) {
        /** Null when the name has another form. */
        static Entry parse(String text) {
            String[] parts = text.split("\\.", 3);
            if (parts.length != 3 || !(parts[0].equals("state") || parts[0].equals("group"))
                    || !parts[1].matches("[0-9]{1,9}")) {
                return null;
            }
            return new Entry(parts[0], Integer.parseInt(parts[1]), parts[2]);
        }
    }
}
