package org.bitgrid.quant.sim;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import org.bitgrid.nn.Parameter;
import org.bitgrid.quant.layers.QuantizedModule;
import org.bitgrid.quant.quantizer.Quantizer;
import org.bitgrid.tensor.Dispatch;
import org.bitgrid.tensor.Tensor;

/** Puts quantized values into parameters, and the parameters' own values back. */
final class ParamFolding {
    private ParamFolding() {
    }

    static Dispatch.Scope fold(Map<String, QuantizedModule> modules) {
        Deque<Runnable> undo = new ArrayDeque<>();
        try (Dispatch.Scope grad = Dispatch.gradEnabled(false); Dispatch.Scope seen = Dispatch.suspendInterceptors()) {
            modules.values().forEach(module -> module.paramNames().forEach(name -> {
                Quantizer quantizer = module.paramQuantizer(name);
                if (quantizer != null) {
                    Parameter parameter = module.ownParameters().get(name);
                    Tensor before = parameter.held().detach().clone();
                    Tensor folded = module.quantizedParameter(name).detach().clone();
                    undo.push(() -> {
                        parameter.set(before);
                        module.setParamQuantizer(name, quantizer);
                    });
                    parameter.set(folded);
                    module.setParamQuantizer(name, null);
                }
            }));
        }
        return () -> {
            while (!undo.isEmpty()) {
                undo.pop().run();
            }
        };
    }
}
