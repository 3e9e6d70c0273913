package org.bitgrid.nn.graph;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bitgrid.nn.Buffer;
import org.bitgrid.nn.Module;
import org.bitgrid.nn.ModuleInterceptor;
import org.bitgrid.tensor.DeviceException;
import org.bitgrid.tensor.Rng;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.Tensors;

/**
 * Runs modules on tensors without elements, and without their hooks. One that must see values to run is run on zeros
 * instead, and its generator and buffers are put back; only the shapes of what it gives are used.
 */
final class MetaRun implements ModuleInterceptor {
    @Override
    public Tensor[] intercept(Module module, List<Object> arguments, Next next) {
        try {
            return next.run(arguments);
        } catch (DeviceException needsValues) {
            if (arguments.stream().noneMatch(MetaRun::isMeta)) {
                throw needsValues;
            }
            return onZeros(module, arguments, next);
        }
    }

    @Override
    public boolean runsHooks() {
        return false;
    }

    private static boolean isMeta(Object argument) {
        return argument instanceof Tensor tensor && tensor.device().isMeta();
    }

    private static Tensor[] onZeros(Module module, List<Object> arguments, Next next) {
        List<Object> zeros = new ArrayList<>();
        for (Object argument : arguments) {
            zeros.add(isMeta(argument) ? Tensors.zeros(((Tensor) argument).spec().shape(),
                    ((Tensor) argument).dtype()) : argument);
        }
        Map<Buffer, Tensor> buffers = new LinkedHashMap<>();
        module.namedBuffers().values().forEach(buffer -> buffers.put(buffer, buffer.tensor().clone()));
        Rng.State generator = Rng.current().state();
        try {
            Tensor[] outputs = next.run(zeros).clone();
            for (int i = 0; i < outputs.length; i++) {
                outputs[i] = Tensor.meta(outputs[i].spec().shape(), outputs[i].dtype());
            }
            return outputs;
        } finally {
            buffers.forEach(Buffer::set);
            Rng.current().restore(generator);
        }
    }
}
