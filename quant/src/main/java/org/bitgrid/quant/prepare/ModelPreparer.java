package org.bitgrid.quant.prepare;

import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.bitgrid.nn.Module;
import org.bitgrid.nn.SiLU;
import org.bitgrid.nn.graph.GraphModule;
import org.bitgrid.nn.graph.GraphPatch;
import org.bitgrid.nn.graph.Node;
import org.bitgrid.nn.graph.Tracer;
import org.bitgrid.quant.QuantLog;
import org.bitgrid.quant.functional.CustomSiLU;
import org.bitgrid.tensor.Tensor;

/**
 * Turns a network into a graph in which every function that quantization must see is a module and every module is
 * called once. The graph computes what the network does and shares its layers; modules that were called more than once
 * are copied for each further call.
 */
public final class ModelPreparer {
    private ModelPreparer() {
    }

    /** Prepares a network that is called with tensors like these; only their shapes and types matter. */
    public static GraphModule prepareModel(Module model, Tensor... sampleInput) {
        return prepareModel(model, PrepareOptions.defaults(), (Object[]) sampleInput);
    }

    /**
     * Prepares a network.
     *
     * @param arguments what the network is called with: tensors become inputs of the graph, literals (numbers,
     *                  booleans, strings, lists) part of it
     * @throws org.bitgrid.nn.graph.TraceException when the network cannot be turned into a graph; names the line
     */
    public static GraphModule prepareModel(Module model, PrepareOptions options, Object... arguments) {
        Map<Module, Boolean> modes = modes(model);
        try {
            model.eval();
            Tracer tracer = new Tracer().leaves(options.leaves());
            tracer.inputNames(options.inputNames().toArray(String[]::new));
            GraphModule graph = tracer.traceWith(model, Arrays.asList(arguments));
            rewrite(graph, options);
            graph.graph().lint();
            graph.train(modes.get(model));
            return graph;
        } finally {
            modes.forEach(Module::train); // parents first, so that each child ends with its own
        }
    }

    private static Map<Module, Boolean> modes(Module model) {
        Map<Module, Boolean> modes = new LinkedHashMap<>();
        model.modules().forEach(module -> modes.put(module, module.isTraining()));
        return modes;
    }

    private static void rewrite(GraphModule graph, PrepareOptions options) {
        GraphPatch patch = new GraphPatch(graph, "prepare");
        Set<String> called = new HashSet<>();
        for (Node node : List.copyOf(graph.graph().nodes())) {
            if (node instanceof Node.CallOp call) {
                replaceFunction(graph, patch, call, options);
            } else if (node instanceof Node.CallModule call && !called.add(call.path())) {
                duplicate(graph, patch, call);
            }
        }
        for (Node.CallModule call : graph.graph().nodesOf(Node.CallModule.class)) {
            if (graph.get(call.path()) instanceof SiLU silu) {
                Module parts = new CustomSiLU().train(silu.isTraining());
                patch.replaceModule(call, parts);
            }
        }
    }

    private static void replaceFunction(GraphModule graph, GraphPatch patch, Node.CallOp call,
                                        PrepareOptions options) {
        Optional<FunctionalModules.Replacement> found = FunctionalModules.of(graph, call, options.everyFunction());
        if (found.isEmpty()) {
            QuantLog.debug(QuantLog.Area.MODEL_PREPARER, "Couldn't find functional: " + call.functionName());
            return;
        }
        FunctionalModules.Replacement replacement = found.get();
        // Modules whose own children the graph does not call are not part of it; their functions go to the top.
        String parent = graph.namedModules().containsKey(call.scope()) ? call.scope() : "";
        String path = freePath(graph, parent, "module_" + call.name());
        patch.replaceByModule(call, path, replacement.module(), replacement.arguments(), replacement.keywords());
        call.inputs().stream().filter(Node.GetAttr.class::isInstance).forEach(patch::removeIfUnused);
        log("Functional         ", path);
    }

    /** Gives a further call of a module a copy of it. */
    private static void duplicate(GraphModule graph, GraphPatch patch, Node.CallModule call) {
        int dot = call.path().lastIndexOf('.');
        String parent = dot < 0 ? "" : call.path().substring(0, dot);
        String number = call.name().substring(call.name().lastIndexOf('_') + 1);
        String path = freePath(graph, parent, "module_" + call.path().substring(dot + 1) + "_" + number);
        patch.replaceByModule(call, path, graph.get(call.path()).copy(), call.arguments(), call.keywords());
        log("Reused/Duplicate   ", path);
    }

    private static void log(String what, String path) {
        QuantLog.info(QuantLog.Area.MODEL_PREPARER, what + ": Adding new module for node: {" + path + "} ");
    }

    /** A path below {@code parent} at which there is no module yet. */
    private static String freePath(GraphModule graph, String parent, String name) {
        Set<String> taken = graph.namedModules().keySet();
        String path = parent.isEmpty() ? name : parent + "." + name;
        String free = path;
        for (int i = 1; taken.contains(free); i++) {
            free = path + "_" + i;
        }
        return free;
    }
}
