package org.bitgrid.opencl;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.bitgrid.tensor.DeviceException;
import org.jocl.CL;
import org.jocl.CLException;
import org.jocl.Pointer;
import org.jocl.Sizeof;
import org.jocl.cl_device_id;
import org.jocl.cl_platform_id;

/** Finds the devices once: GPUs first, then accelerators, then CPUs, in the order of their platforms. */
final class ClDevices {
    private static final System.Logger LOG = System.getLogger("org.bitgrid.opencl");
    private static final ClDevices FOUND = find();

    private final List<ClDevice> usable;
    private final String whyNone;

    private ClDevices(List<ClDevice> usable, String whyNone) {
        this.usable = usable;
        this.whyNone = whyNone;
    }

    /** All usable devices; their indices are their places. */
    static List<ClDevice> usable() {
        return FOUND.usable;
    }

    /** Why there is no usable device, or null. */
    static String whyNone() {
        return FOUND.whyNone;
    }

    static ClDevice get(int index) {
        if (index < 0 || index >= usable().size()) {
            throw new DeviceException("opencl: no such device; got opencl:" + index + "; expected "
                    + (usable().isEmpty() ? "none, because " + whyNone() : "one of " + usable()));
        }
        return usable().get(index);
    }

    /** What is asked of the OpenCL loader, each failing with a {@link CLException}. Tests put failing drivers here. */
    interface Queries {
        cl_platform_id[] platforms();

        cl_device_id[] devices(cl_platform_id platform);

        ClDevice describe(int index, cl_platform_id platform, cl_device_id id);
    }

    private static ClDevices find() {
        try {
            ClLibrary.load();
            return find(new LoaderQueries());
        } catch (UnsatisfiedLinkError | DeviceException | OpenClException failed) {
            return new ClDevices(List.of(), failed.getMessage());
        }
    }

    /** A platform or device that fails is passed over, and does not take the others along. */
    static ClDevices find(Queries queries) {
        cl_platform_id[] platforms;
        try {
            platforms = queries.platforms();
        } catch (CLException failed) {
            return new ClDevices(List.of(), "no platform found by the OpenCL loader (" + reason(failed) + ")");
        }
        List<ClDevice> devices = new ArrayList<>();
        List<String> refused = new ArrayList<>();
        for (int i = 0; i < platforms.length; i++) {
            try {
                cl_device_id[] ids = queries.devices(platforms[i]);
                for (int k = 0; k < ids.length; k++) {
                    try {
                        devices.add(queries.describe(devices.size(), platforms[i], ids[k]));
                    } catch (CLException failed) {
                        refused.add("platform " + i + ", device " + k + ": " + reason(failed));
                    }
                }
            } catch (CLException failed) {
                refused.add("platform " + i + ": " + reason(failed));
            }
        }
        devices.sort(Comparator.comparing(device -> !device.gpu()));
        List<ClDevice> numbered = new ArrayList<>();
        for (ClDevice each : devices) {
            numbered.add(each.withIndex(numbered.size()));
        }
        for (String each : refused) {
            LOG.log(System.Logger.Level.WARNING, "opencl: passing over {0}", each);
        }
        return new ClDevices(List.copyOf(numbered), !numbered.isEmpty() ? null : "no device on " + platforms.length
                + " platforms" + (refused.isEmpty() ? "" : "; refused: " + String.join("; ", refused)));
    }

    private static String reason(CLException failed) {
        return ClStatus.name(failed.getStatus());
    }

    List<ClDevice> devices() {
        return usable;
    }

    String why() {
        return whyNone;
    }

    private static final class LoaderQueries implements Queries {
        @Override
        public cl_platform_id[] platforms() {
            int[] count = new int[1];
            CL.clGetPlatformIDs(0, null, count);
            cl_platform_id[] platforms = new cl_platform_id[count[0]];
            CL.clGetPlatformIDs(platforms.length, platforms, null);
            return platforms;
        }

        @Override
        public cl_device_id[] devices(cl_platform_id platform) {
            int[] count = new int[1];
            CL.clGetDeviceIDs(platform, CL.CL_DEVICE_TYPE_ALL, 0, null, count);
            cl_device_id[] ids = new cl_device_id[count[0]];
            CL.clGetDeviceIDs(platform, CL.CL_DEVICE_TYPE_ALL, ids.length, ids, null);
            return ids;
        }

        @Override
        public ClDevice describe(int index, cl_platform_id platform, cl_device_id id) {
            return ClDevices.describe(index, platform, id);
        }
    }

    private static ClDevice describe(int index, cl_platform_id platform, cl_device_id id) {
        long[] size = new long[1];
        CL.clGetPlatformInfo(platform, CL.CL_PLATFORM_NAME, 0, null, size);
        byte[] name = new byte[(int) size[0]];
        CL.clGetPlatformInfo(platform, CL.CL_PLATFORM_NAME, name.length, Pointer.to(name), null);
        long singleConfig = number(id, CL.CL_DEVICE_SINGLE_FP_CONFIG);
        return new ClDevice(index, platform, id, text(name), text(id, CL.CL_DEVICE_NAME),
                text(id, CL.CL_DEVICE_VENDOR), text(id, CL.CL_DEVICE_VERSION), text(id, CL.CL_DRIVER_VERSION),
                (number(id, CL.CL_DEVICE_TYPE) & CL.CL_DEVICE_TYPE_GPU) != 0,
                (int) number(id, CL.CL_DEVICE_MAX_COMPUTE_UNITS), number(id, CL.CL_DEVICE_GLOBAL_MEM_SIZE),
                number(id, CL.CL_DEVICE_MAX_MEM_ALLOC_SIZE), number(id, CL.CL_DEVICE_LOCAL_MEM_SIZE),
                number(id, CL.CL_DEVICE_MAX_WORK_GROUP_SIZE), number(id, CL.CL_DEVICE_DOUBLE_FP_CONFIG) != 0,
                (singleConfig & CL.CL_FP_CORRECTLY_ROUNDED_DIVIDE_SQRT) != 0);
    }

    private static long number(cl_device_id id, int what) {
        long[] value = new long[1]; // smaller types fill the low bytes of a little-endian long
        CL.clGetDeviceInfo(id, what, Sizeof.cl_long, Pointer.to(value), null);
        return value[0];
    }

    private static String text(cl_device_id id, int what) {
        long[] size = new long[1];
        CL.clGetDeviceInfo(id, what, 0, null, size);
        byte[] bytes = new byte[(int) size[0]];
        CL.clGetDeviceInfo(id, what, bytes.length, Pointer.to(bytes), null);
        return text(bytes);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, 0, Math.max(0, bytes.length - 1), StandardCharsets.UTF_8).trim();
    }
}
