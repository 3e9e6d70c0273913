package org.bitgrid.quant.layers;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.bitgrid.nn.Identity;
import org.bitgrid.nn.Module;
import org.bitgrid.nn.ModuleDict;
import org.bitgrid.nn.ModuleList;
import org.bitgrid.nn.ParameterDict;
import org.bitgrid.nn.ParameterList;
import org.bitgrid.nn.Sequential;
import org.bitgrid.quant.quantizer.Quantizer;
import org.bitgrid.tensor.StateException;

/**
 * Knows for each class of layers where it can have quantizers. The library's layers are known; users register their own
 * once, before they make a simulation:
 *
 * <pre>{@code
 * QuantizedModules.implement(MyNorm.class, LayerSlots.unary());
 * QuantizedModules.ignore(MyDebugPrint.class);
 * }</pre>
 */
public final class QuantizedModules {
    private static final Map<String, LayerSlots> LIBRARY = LibraryLayers.slots();
    private static final Map<String, String> TARGET_TYPES = LibraryLayers.targetTypes();
    private static final Map<Class<?>, LayerSlots> USERS = new ConcurrentHashMap<>();
    private static final Set<Class<?>> IGNORED = ConcurrentHashMap.newKeySet();

    private QuantizedModules() {
    }

    /** Says where layers of this class can have quantizers; it may have children, which then have none of their own. */
    public static void implement(Class<? extends Module> layer, LayerSlots slots) {
        IGNORED.remove(layer);
        USERS.put(layer, slots);
    }

    /** Says that layers of this class are never quantized. */
    public static void ignore(Class<? extends Module> layer) {
        USERS.remove(layer);
        IGNORED.add(layer);
    }

    /** Forgets what was said of this class. */
    public static void forget(Class<? extends Module> layer) {
        USERS.remove(layer);
        IGNORED.remove(layer);
    }

    /** Where this layer can have quantizers, or null when its class is not known. */
    public static LayerSlots slots(Module layer) {
        LayerSlots users = USERS.get(layer.getClass());
        return users != null ? users : LIBRARY.get(layer.getClass().getName());
    }

    /** Whether layers of this class stay as they are: containers, Identity, and those that users ignore. */
    public static boolean isIgnored(Module layer) {
        return layer instanceof Identity || layer instanceof Sequential || layer instanceof ModuleList
                || layer instanceof ModuleDict || layer instanceof ParameterList || layer instanceof ParameterDict
                || layer instanceof Quantizer || layer instanceof QuantizedModule
                || IGNORED.contains(layer.getClass());
    }

    /** The targets' own name of this layer's operator, or null. */
    public static String targetType(Module layer) {
        return LIBRARY.containsKey(layer.getClass().getName()) ? TARGET_TYPES.get(layer.getClass().getSimpleName())
                : null;
    }

    /** An error that names all classes at once and shows what to write. */
    public static StateException unknown(Map<String, Module> layersByPath) {
        Map<Class<?>, String> classes = new LinkedHashMap<>();
        layersByPath.forEach((path, layer) -> classes.putIfAbsent(layer.getClass(), path));
        StringBuilder text = new StringBuilder("quantization: ").append(classes.size() == 1 ? "a class of layers is"
                : classes.size() + " classes of layers are").append(" not known; got ");
        text.append(String.join(", ", classes.entrySet().stream()
                .map(entry -> entry.getKey().getName() + " (" + entry.getValue() + ")").toList()));
        text.append("; expected a registered class; do say where each has quantizers, before making the simulation:");
        classes.keySet().forEach(type -> text.append("\n    QuantizedModules.implement(").append(type.getSimpleName())
                .append(".class, LayerSlots.unary());"));
        text.append("\nor that it has none:");
        classes.keySet().forEach(type -> text.append("\n    QuantizedModules.ignore(").append(type.getSimpleName())
                .append(".class);"));
        return new StateException(text.toString());
    }
}
