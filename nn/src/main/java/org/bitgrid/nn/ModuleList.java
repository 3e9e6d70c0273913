package org.bitgrid.nn;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Modules in a list that its owner calls itself; an entry may be absent (null). Children are called 0, 1, 2, … */
public final class ModuleList extends Module {
    private final List<Module> modules = new ArrayList<>();

    public ModuleList(List<? extends Module> modules) {
        modules.forEach(this::append);
    }

    /** Adds a module, or null, at the end. Returns this. */
    public ModuleList append(Module module) {
        modules.add(null);
        return set(modules.size() - 1, module);
    }

    /** Replaces entry {@code index} by a module or by null. Returns this. */
    public ModuleList set(int index, Module module) {
        modules.set(index, module);
        if (module == null) {
            removeChild(Integer.toString(index));
        } else {
            setChild(Integer.toString(index), module);
        }
        return this;
    }

    /** Entry {@code index}, or null. */
    public Module get(int index) {
        return modules.get(index);
    }

    public int size() {
        return modules.size();
    }

    @Override
    protected Module newCopy(ModuleCopier copier) {
        ModuleList copy = new ModuleList(List.of());
        modules.forEach(module -> copy.append(copier.copy(module)));
        copy.setTraining(isTraining());
        return copy;
    }

    /** Neighbours that print alike are joined, as in {@code (0-1): 2 x None}. */
    @Override
    protected Map<String, String> printedChildren() {
        Map<String, String> printed = new LinkedHashMap<>();
        for (int start = 0; start < modules.size(); ) {
            String text = String.valueOf(text(start));
            int end = start + 1;
            while (end < modules.size() && text(end).equals(text)) {
                end++;
            }
            if (end - start == 1) {
                printed.put(Integer.toString(start), text);
            } else {
                printed.put(start + "-" + (end - 1), (end - start) + " x " + text);
            }
            start = end;
        }
        return printed;
    }

    private String text(int index) {
        return modules.get(index) == null ? "None" : modules.get(index).toString();
    }
}
