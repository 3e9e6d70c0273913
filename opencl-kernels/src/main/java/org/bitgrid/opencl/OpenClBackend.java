package org.bitgrid.opencl;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.bitgrid.tensor.DType;
import org.bitgrid.tensor.Device;
import org.bitgrid.tensor.Storage;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.op.ComposedOp;
import org.bitgrid.tensor.op.FormulaOp;
import org.bitgrid.tensor.op.Op;
import org.bitgrid.tensor.op.ToDevice;
import org.bitgrid.tensor.spi.Backend;
import org.bitgrid.tensor.spi.Kernel;
import org.bitgrid.tensor.spi.Transfer;

/** Tensors on OpenCL devices. Operators without a kernel here are composed of others or run on the CPU. */
public final class OpenClBackend implements Backend {
    private static final Map<Class<? extends Op>, ClKernel> KERNELS = new HashMap<>();
    private static final Kernel TRANSFER = new Transfer();
    private static final Kernel FALLBACK = new HostFallback();

    static {
        ClKernels.register();
    }

    /** For ServiceLoader. */
    public OpenClBackend() {
    }

    /** Operators that have a kernel here. */
    static Set<Class<? extends Op>> operators() {
        return Set.copyOf(KERNELS.keySet());
    }

    /** Adds the kernel of an operator. */
    static void define(Class<? extends Op> type, ClKernel kernel) {
        KERNELS.put(type, kernel);
    }

    @Override
    public String name() {
        return "opencl";
    }

    @Override
    public String deviceKind() {
        return "opencl";
    }

    @Override
    public int priority() {
        return 10;
    }

    @Override
    public String whyUnusable() {
        return ClDevices.whyNone();
    }

    @Override
    public String description() {
        return ClDevices.usable().toString();
    }

    @Override
    public Kernel kernel(Op op, Tensor[] inputs) {
        if (op instanceof ToDevice) {
            return TRANSFER;
        }
        ClKernel kernel = op instanceof FormulaOp ? ClFormula.KERNEL : KERNELS.get(op.getClass());
        if (kernel != null && kernel.takes(op, inputs)) {
            return kernel;
        }
        return op instanceof ComposedOp ? null : FALLBACK;
    }

    @Override
    public Storage allocate(DType dtype, int length, Device device, String purpose) {
        return new ClBuffer(ClRuntime.of(device.index()), device, dtype, length, purpose);
    }

    @Override
    public void synchronize(Device device) {
        ClRuntime.of(device.index()).finish();
    }
}
