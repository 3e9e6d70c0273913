package org.bitgrid.opencl;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.bitgrid.tensor.Device;
import org.bitgrid.tensor.Dispatch;
import org.bitgrid.tensor.Storage;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.op.Op;
import org.bitgrid.tensor.spi.Kernel;
import org.bitgrid.tensor.spi.Transfer;

/** Computes an operator without a kernel on the CPU, on copies of its inputs, and says so once for each operator. */
final class HostFallback implements Kernel {
    private static final System.Logger LOG = System.getLogger("org.bitgrid.opencl");
    private static final Set<String> LOGGED = ConcurrentHashMap.newKeySet();

    @Override
    public boolean acceptsStrides() {
        return true; // the CPU's dispatch sees to the layout
    }

    @Override
    public void run(Op op, Tensor[] inputs, Tensor[] outputs) {
        if (LOGGED.add(op.getClass().getName())) {
            LOG.log(System.Logger.Level.INFO, "opencl: no kernel for {0}; it runs on the CPU", op.name());
        }
        Tensor[] copies = new Tensor[inputs.length];
        for (int i = 0; i < copies.length; i++) {
            ClBuffer buffer = (ClBuffer) inputs[i].storage();
            Storage host = op.mutates().contains(i) ? buffer.onHostForUpdate() : buffer.onHost();
            copies[i] = Tensor.of(host, inputs[i].layout(), Device.CPU);
        }
        Tensor[] results;
        try (Dispatch.Scope plain = Dispatch.suspendInterceptors();
                Dispatch.Scope noGrad = Dispatch.gradEnabled(false)) {
            results = Dispatch.applyAll(op, copies);
        }
        for (int i = op.mutates().size(); i < outputs.length; i++) {
            store(results[i].contiguous(), outputs[i]);
        }
    }

    private static void store(Tensor result, Tensor output) {
        ClBuffer buffer = (ClBuffer) output.storage();
        if (output.numel() == buffer.length()) {
            buffer.copyFrom(result.storage(), result.layout().offset());
        } else {
            Transfer.copy(result.storage(), result.layout().offset(), buffer.onHostForUpdate(),
                    output.layout().offset(), (int) output.numel());
        }
    }
}
