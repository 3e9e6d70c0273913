package org.bitgrid.nn;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** Modules by name that their owner calls itself; an entry may be absent (null). */
public final class ModuleDict extends Module {
    private final Map<String, Module> modules = new LinkedHashMap<>();

    public ModuleDict() {
    }

    /** Sets an entry to a module or to null. Returns this. */
    public ModuleDict put(String name, Module module) {
        modules.put(name, module);
        if (module == null) {
            removeChild(name);
        } else {
            setChild(name, module);
        }
        return this;
    }

    /** The entry of this name, or null when it is absent. */
    public Module entry(String name) {
        return modules.get(name);
    }

    /** All entries in order; values may be null. */
    public Map<String, Module> entries() {
        return Collections.unmodifiableMap(modules);
    }

    @Override
    protected Module newCopy(ModuleCopier copier) {
        ModuleDict copy = new ModuleDict();
        modules.forEach((name, module) -> copy.put(name, copier.copy(module)));
        copy.setTraining(isTraining());
        return copy;
    }

    @Override
    protected Map<String, String> printedChildren() {
        Map<String, String> printed = new LinkedHashMap<>();
        modules.forEach((name, module) -> printed.put(name, module == null ? "None" : module.toString()));
        return printed;
    }
}
