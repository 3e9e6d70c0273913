package org.bitgrid.quant.sim;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bitgrid.nn.Module;
import org.bitgrid.nn.graph.GraphModule;
import org.bitgrid.quant.config.QuantSimConfig;

/**
 * Decides where quantizers go: a pure function of a graph and a configuration. Parts of the configuration are applied
 * from the general to the specific; after them come rules of the targets that no configuration can express.
 */
public final class QuantizerPlacement {
    private QuantizerPlacement() {
    }

    /**
     * The placement for a graph.
     *
     * @param layers the layers that can have quantizers, by path, in the order in which they are to be listed
     * @throws org.bitgrid.tensor.StateException when rules of the configuration contradict each other
     */
    public static Placement of(GraphModule model, Map<String, Module> layers, QuantSimConfig config,
                               PlacementTypes types) {
        OperatorGraph graph = OperatorGraph.of(model);
        LayerStates states = new LayerStates(layers, graph, types);
        List<String> warnings = new ArrayList<>();
        ConfigRules rules = new ConfigRules(graph, states, config);
        rules.applyDefaults();
        rules.applyParams();
        rules.applyOpTypes();
        new SupergroupRules(graph, states).apply(config.supergroups());
        rules.applyModelInput();
        rules.applyModelOutput();
        rules.applyPerChannel();
        new KernelRules(states, config, types, warnings).apply();
        ExceptionRules exceptions = new ExceptionRules(graph, states, config);
        exceptions.applyToRescaling();
        exceptions.applyToNormalizations();
        exceptions.applyToEmbeddings();
        exceptions.applyToMatMuls(warnings);
        exceptions.applyToReusedLayers(warnings);
        new SharedEncodings(graph, states).applyDefaults(config.defaults().hardwareVersion());
        rules.checkStrictness();
        return new Placement(states.plans(), warnings);
    }

    /** The layers of a graph that can have quantizers, in the order in which they run, then those that never run. */
    static Map<String, Module> ordered(GraphModule model, Map<String, Module> layers) {
        Map<String, Module> ordered = new LinkedHashMap<>();
        OperatorGraph.of(model).calls().keySet().forEach(path -> {
            if (layers.containsKey(path)) {
                ordered.put(path, layers.get(path));
            }
        });
        layers.forEach(ordered::putIfAbsent);
        return ordered;
    }
}
