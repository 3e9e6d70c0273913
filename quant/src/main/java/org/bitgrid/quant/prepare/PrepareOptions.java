package org.bitgrid.quant.prepare;

import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.bitgrid.nn.Module;
import org.bitgrid.nn.graph.LeafPolicy;

/**
 * How {@link ModelPreparer} works.
 *
 * @param excludedModules modules that stay one step of the graph, whatever they do inside
 * @param excludedClasses classes whose direct instances stay one step
 * @param everyFunction   whether functions become modules that AIMET leaves as they are, such as {@code sqrt} and
 *                        {@code abs}
 * @param inputNames      names of the graph's inputs; x, y, z when empty
 */
public record PrepareOptions(List<Module> excludedModules, List<Class<? extends Module>> excludedClasses,
                             boolean everyFunction, List<String> inputNames) {
    public PrepareOptions {
        excludedModules = List.copyOf(excludedModules);
        excludedClasses = List.copyOf(excludedClasses);
        inputNames = List.copyOf(inputNames);
    }

    /** Nothing excluded; the functions that AIMET replaces. */
    public static PrepareOptions defaults() {
        return new PrepareOptions(List.of(), List.of(), false, List.of());
    }

    /** With these modules, and no others, excluded. */
    public PrepareOptions excludeModules(Module... modules) {
        return new PrepareOptions(List.of(modules), excludedClasses, everyFunction, inputNames);
    }

    /** With these classes, and no others, excluded. */
    @SafeVarargs
    public final PrepareOptions excludeClasses(Class<? extends Module>... classes) {
        return new PrepareOptions(excludedModules, List.of(classes), everyFunction, inputNames);
    }

    /** With or without the functions that AIMET leaves as they are. */
    public PrepareOptions everyFunction(boolean every) {
        return new PrepareOptions(excludedModules, excludedClasses, every, inputNames);
    }

    /** With these names of the graph's inputs. */
    public PrepareOptions inputNames(String... names) {
        return new PrepareOptions(excludedModules, excludedClasses, everyFunction, List.of(names));
    }

    LeafPolicy leaves() {
        Set<Module> whole = Collections.newSetFromMap(new IdentityHashMap<>());
        whole.addAll(excludedModules);
        Set<Class<?>> classes = new HashSet<>(excludedClasses);
        LeafPolicy library = LeafPolicy.libraryLayers();
        return (module, path) -> library.isLeaf(module, path) || whole.contains(module)
                || classes.contains(module.getClass());
    }
}
