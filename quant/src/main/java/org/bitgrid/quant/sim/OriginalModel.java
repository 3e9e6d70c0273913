package org.bitgrid.quant.sim;

import org.bitgrid.nn.graph.GraphModule;
import org.bitgrid.quant.layers.QuantizedModule;
import org.bitgrid.tensor.Dispatch;

/** A simulated model without its quantizers. */
final class OriginalModel {
    private OriginalModel() {
    }

    static GraphModule of(QuantizationSimModel sim, boolean bakeQdqWeights) {
        GraphModule plain = (GraphModule) sim.model().copy();
        sim.quantizedModules().keySet().forEach(path -> {
            if (!(exists(plain, path) && plain.get(path) instanceof QuantizedModule module)) {
                return;
            }
            if (bakeQdqWeights) {
                try (Dispatch.Scope grad = Dispatch.gradEnabled(false)) {
                    module.paramNames().stream().filter(name -> module.paramQuantizer(name) != null).forEach(name ->
                            module.ownParameters().get(name).set(module.quantizedParameter(name).detach().clone()));
                }
            }
            plain.setModule(path, module.layer());
        });
        return plain;
    }

    private static boolean exists(GraphModule model, String path) {
        return model.namedModules().containsKey(path);
    }
}
