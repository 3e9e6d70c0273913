package org.bitgrid.cli;

import org.bitgrid.opencl.OpenCl;
import org.bitgrid.tensor.Device;
import org.bitgrid.tensor.DeviceException;
import org.bitgrid.tensor.Dispatch;

/**
 * What {@code --backend} names.
 *
 * @param name   {@code cpu}, {@code reference} or {@code opencl:N}
 * @param device where tensors live
 */
public record BackendOption(String name, Device device) {
    private static final String EXPECTED = "expected cpu, reference, opencl or opencl:N";

    /**
     * Finds the device, before anything is computed.
     *
     * @param operation the command, for messages
     * @param text      the option's value, or null: what {@code -Dbitgrid.backend} says, else the CPU
     * @throws UsageException when there is no such backend, or it cannot be used on this machine
     */
    public static BackendOption of(String operation, String text) {
        String property = System.getProperty("bitgrid.backend", "");
        String wanted = text != null ? text : property.isEmpty() ? "cpu" : property;
        if (wanted.equals("cpu") || wanted.equals("reference")) {
            return onCpu(operation, wanted);
        }
        Device device;
        try {
            device = Device.parse(wanted);
        } catch (DeviceException unreadable) {
            throw unknown(operation, wanted, unreadable);
        }
        if (!device.kind().equals("opencl")) {
            throw unknown(operation, wanted, null);
        }
        if (!OpenCl.devices().contains(device)) {
            throw new UsageException(operation + ": --backend: no such device; got \"" + wanted + "\"; expected "
                    + (OpenCl.whyNone() != null ? "an OpenCL device, but there is none: " + OpenCl.whyNone()
                            : "one of " + OpenCl.devices()) + "; do see bitgrid doctor");
        }
        return new BackendOption(device.toString(), device);
    }

    /** Which kernels serve the CPU is settled when the first operator runs: the property must be there before. */
    private static BackendOption onCpu(String operation, String wanted) {
        if (wanted.equals("reference")) {
            System.setProperty("bitgrid.backend", wanted);
        }
        String serves = Dispatch.backend(Device.CPU).name();
        if (serves.equals("reference") != wanted.equals("reference")) {
            throw new UsageException(operation + ": --backend: the backend of this process is settled; got \"" + wanted
                    + "\"; expected " + serves + "; do start a process of its own");
        }
        return new BackendOption(wanted, Device.CPU);
    }

    private static UsageException unknown(String operation, String wanted, Throwable cause) {
        return new UsageException(operation + ": --backend: unknown backend; got \"" + wanted + "\"; " + EXPECTED
                + "; do see bitgrid help " + operation, cause);
    }
}
