package org.bitgrid.tensor.cpu;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.bitgrid.tensor.DType;
import org.bitgrid.tensor.Device;
import org.bitgrid.tensor.Storage;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.cpu.simd.VectorMaths;
import org.bitgrid.tensor.op.HostOp;
import org.bitgrid.tensor.op.Op;
import org.bitgrid.tensor.reference.ReferenceBackend;
import org.bitgrid.tensor.spi.Backend;
import org.bitgrid.tensor.spi.Kernel;
import org.bitgrid.tensor.spi.Parallel;

/**
 * Fast kernels for FLOAT32 tensors in main memory, one table line for each operator. FLOAT64 tensors, and integers
 * where no kernel here takes them, go to the reference.
 */
public final class CpuBackend implements Backend {
    private static final Map<Class<? extends Op>, CpuKernel> KERNELS = new HashMap<>();

    static {
        CpuKernels.register();
    }

    /** Operators that have a kernel here. */
    static Set<Class<? extends Op>> operators() {
        return Set.copyOf(KERNELS.keySet());
    }

    /** Adds the kernel of an operator. */
    static void define(Class<? extends Op> type, CpuKernel kernel) {
        KERNELS.put(type, kernel);
    }

    @Override
    public String name() {
        return "cpu";
    }

    @Override
    public String deviceKind() {
        return "cpu";
    }

    @Override
    public int priority() {
        return 10;
    }

    @Override
    public String whyUnusable() {
        return null;
    }

    @Override
    public String description() {
        return "cpu (" + VectorMaths.description() + ", " + Parallel.threads() + " threads)";
    }

    @Override
    public Kernel kernel(Op op, Tensor[] inputs) {
        CpuKernel kernel = KERNELS.get(op.getClass());
        if (kernel != null && kernel.takes(op, inputs)) {
            return kernel;
        }
        Kernel definition = ReferenceBackend.definition(op.getClass());
        return definition == null && op instanceof HostOp host ? host.hostKernel() : definition;
    }

    @Override
    public Storage allocate(DType dtype, int length, Device device, String purpose) {
        return Storage.allocate(dtype, length);
    }
}
