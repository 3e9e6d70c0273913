package org.bitgrid.nn.graph;

import java.util.Set;
import org.bitgrid.nn.Module;
import org.bitgrid.nn.ModuleDict;
import org.bitgrid.nn.ModuleList;
import org.bitgrid.nn.Sequential;

/** Decides which modules stay one step in a traced graph. */
@FunctionalInterface
public interface LeafPolicy {
    /** Packages whose modules stay whole by default: those of the library. */
    Set<String> LIBRARY_PACKAGES = Set.of("org.bitgrid.nn", "org.bitgrid.quant", "org.bitgrid.quant.functional",
            "org.bitgrid.quant.layers");

    /**
     * @param path dotted path from the traced module, or null when the module is not registered in it
     */
    boolean isLeaf(Module module, String path);

    /** The library's layers stay whole; containers and the user's modules are traced through. */
    static LeafPolicy libraryLayers() {
        return (module, path) -> LIBRARY_PACKAGES.contains(module.getClass().getPackageName())
                && !(module instanceof Sequential || module instanceof ModuleList || module instanceof ModuleDict);
    }

    /** As this one, and these modules too. */
    default LeafPolicy and(Set<? extends Module> whole) {
        return (module, path) -> isLeaf(module, path) || whole.contains(module);
    }
}
