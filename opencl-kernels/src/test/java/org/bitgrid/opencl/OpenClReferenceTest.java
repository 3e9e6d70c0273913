package org.bitgrid.opencl;

import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import org.bitgrid.tensor.Device;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.op.Op;
import org.bitgrid.tensor.spi.Kernel;
import org.bitgrid.testing.BackendReferenceTest;
import org.junit.jupiter.api.AfterAll;

/** Every operator on an OpenCL device. */
class OpenClReferenceTest extends BackendReferenceTest {
    private static final AtomicInteger SKIPPED = new AtomicInteger();
    private static final TreeMap<String, Boolean> HAS_KERNEL = new TreeMap<>();

    @AfterAll
    static void report() {
        if (SKIPPED.get() > 0) {
            System.out.println("OpenCL: " + SKIPPED + " tests skipped: " + OpenCl.whyNone());
            return;
        }
        TreeSet<String> without = new TreeSet<>(HAS_KERNEL.keySet());
        without.removeIf(HAS_KERNEL::get);
        System.out.println("OpenCL: " + (HAS_KERNEL.size() - without.size())
                + " operators with a kernel for some input; on the CPU: " + without);
    }

    @Override
    protected void begin() {
        if (OpenCl.whyNone() != null) {
            SKIPPED.incrementAndGet();
        }
        OnDevice.assumeThereIsOne();
        ValueChecks.enabled = true;
    }

    @Override
    protected void found(Op op, Kernel kernel) {
        HAS_KERNEL.merge(op.name(), kernel instanceof ClKernel, Boolean::logicalOr);
    }

    @Override
    protected Device device() {
        return OnDevice.DEVICE;
    }

    @Override
    protected Tensor[] move(Tensor... tensors) {
        return OnDevice.move(tensors);
    }

    @Override
    protected Tensor[] back(Tensor... tensors) {
        return OnDevice.back(tensors);
    }
}
