package org.bitgrid.opencl;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.Arrays;
import org.bitgrid.tensor.Device;
import org.bitgrid.tensor.Storage;
import org.bitgrid.tensor.Tensor;

/** Moves tensors with their whole storages and layouts, so that offsets, steps and guards come along. */
final class OnDevice {
    /** The device that tests run on. */
    static final Device DEVICE = Device.opencl(0);

    private OnDevice() {
    }

    /** Skips the calling test, with the reason, where there is no OpenCL device. */
    static void assumeThereIsOne() {
        assumeTrue(OpenCl.whyNone() == null, () -> "no OpenCL device: " + OpenCl.whyNone());
    }

    static Tensor move(Tensor tensor) {
        Storage host = tensor.storage();
        ClBuffer buffer = new ClBuffer(ClRuntime.of(0), DEVICE, host.dtype(), host.length(), "test");
        buffer.copyFrom(host, 0);
        return Tensor.of(buffer, tensor.layout(), DEVICE);
    }

    static Tensor[] move(Tensor... tensors) {
        return Arrays.stream(tensors).map(OnDevice::move).toArray(Tensor[]::new);
    }

    static Tensor back(Tensor tensor) {
        Storage storage = tensor.storage();
        return Tensor.of(storage instanceof ClBuffer buffer ? buffer.onHost() : storage, tensor.layout(), Device.CPU);
    }

    static Tensor[] back(Tensor... tensors) {
        return Arrays.stream(tensors).map(OnDevice::back).toArray(Tensor[]::new);
    }
}
