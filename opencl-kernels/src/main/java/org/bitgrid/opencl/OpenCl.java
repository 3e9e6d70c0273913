package org.bitgrid.opencl;

import java.util.List;
import org.bitgrid.tensor.Device;

/** What OpenCL offers on this machine. */
public final class OpenCl {
    private OpenCl() {
    }

    /** Usable devices, GPUs first; the first one is {@code Device.opencl(0)}. */
    public static List<Device> devices() {
        return ClDevices.usable().stream().map(device -> Device.opencl(device.index())).toList();
    }

    /** What the usable devices say of themselves; starts each of them. */
    public static List<OpenClDevice> describe() {
        return ClDevices.usable().stream().map(OpenClDevice::of).toList();
    }

    /** Why there is no usable device, or null when there is one. */
    public static String whyNone() {
        return ClDevices.whyNone();
    }
}
