package org.bitgrid.nn;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Walks over a module and all below it; a shared module is met once. */
final class ModuleTree {
    private ModuleTree() {
    }

    /** By dotted path, parents first. */
    static Map<String, Module> named(Module root) {
        Map<String, Module> found = new LinkedHashMap<>();
        Set<Module> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        Deque<Map.Entry<String, Module>> open = new ArrayDeque<>();
        open.push(Map.entry("", root));
        while (!open.isEmpty()) {
            Map.Entry<String, Module> entry = open.pop();
            Module module = entry.getValue();
            if (!seen.add(module)) {
                continue;
            }
            found.put(entry.getKey(), module);
            List<Map.Entry<String, Module>> below = new ArrayList<>();
            String prefix = entry.getKey().isEmpty() ? "" : entry.getKey() + ".";
            module.namedChildren().forEach((name, child) -> below.add(Map.entry(prefix + name, child)));
            Collections.reverse(below);
            below.forEach(open::push);
        }
        return found;
    }

    /** Children in order before their parents. */
    static List<Module> childrenFirst(Module root) {
        Set<Module> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        List<Module> parentsFirst = new ArrayList<>();
        Deque<Module> open = new ArrayDeque<>(List.of(root));
        while (!open.isEmpty()) {
            Module module = open.pop();
            if (seen.add(module)) {
                parentsFirst.add(module);
                module.namedChildren().values().forEach(open::push);
            }
        }
        Collections.reverse(parentsFirst);
        return parentsFirst;
    }
}
