package org.bitgrid.opencl;

import java.util.HashMap;
import java.util.Map;
import org.jocl.cl_context;
import org.jocl.cl_kernel;
import org.jocl.cl_program;

/** Compiles each program once for its device and hands out kernels. Callers hold the lock of the runtime. */
final class ClPrograms {
    private final ClApi api;
    private final cl_context context;
    private final ClDevice device;
    private final ClBinaries binaries;
    private final Map<ClSource, cl_program> programs = new HashMap<>();
    private final Map<KernelKey, cl_kernel> kernels = new HashMap<>();
    private int compilations;

    private record KernelKey(ClSource source, String name) {
    }

    ClPrograms(ClApi api, cl_context context, ClDevice device) {
        this(api, context, device, ClBinaries.ofProperty());
    }

    ClPrograms(ClApi api, cl_context context, ClDevice device, ClBinaries binaries) {
        this.binaries = binaries;
        this.api = api;
        this.context = context;
        this.device = device;
    }

    cl_kernel kernel(ClSource source, String name) {
        return kernels.computeIfAbsent(new KernelKey(source, name), key -> api.createKernel(program(source), name));
    }

    private cl_program program(ClSource source) {
        return programs.computeIfAbsent(source, this::compile);
    }

    private cl_program compile(ClSource source) {
        String text = source.whole();
        String key = ClBinaries.key(device, text, options());
        cl_program kept = fromBinary(key);
        if (kept != null) {
            return kept;
        }
        cl_program program = api.createProgram(context, text);
        try {
            api.build(program, device.id(), options());
        } catch (OpenClException failed) {
            String log = api.buildLog(program, device.id());
            api.releaseProgram(program);
            throw new ClBuildException(source.name(), device, text, log, failed);
        }
        compilations++;
        keep(key, program);
        return program;
    }

    private void keep(String key, cl_program program) {
        byte[] binary;
        try {
            binary = api.binary(program);
        } catch (OpenClException failed) {
            return; // a driver that gives no binaries
        }
        binaries.keep(key, binary);
    }

    /** The program as it was compiled before, or null. */
    private cl_program fromBinary(String key) {
        byte[] binary = binaries.find(key);
        if (binary == null) {
            return null;
        }
        cl_program program = null;
        try {
            program = api.createProgram(context, device.id(), binary);
            api.build(program, device.id(), options());
            return program;
        } catch (OpenClException refused) {
            if (program != null) {
                api.releaseProgram(program);
            }
            binaries.discard(key, refused.getMessage());
            return null;
        }
    }

    /** Programs compiled from their source since the start. */
    int compilations() {
        return compilations;
    }

    boolean compiles(String text) {
        cl_program program = api.createProgram(context, text);
        try {
            api.build(program, device.id(), options());
            api.releaseKernel(api.createKernel(program, "probe"));
            return true;
        } catch (OpenClException refused) {
            return false;
        } finally {
            api.releaseProgram(program);
        }
    }

    /** No fast math; division and square root as IEEE 754 rounds them where the device can. */
    private String options() {
        return "-cl-std=CL1.2" + (device.float64() ? " -DHAS_FLOAT64" : "")
                + (device.correctlyRoundedDivide() ? " -DEXACT_DIVISION -cl-fp32-correctly-rounded-divide-sqrt" : "");
    }
}
