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
    private final Map<ClSource, cl_program> programs = new HashMap<>();
    private final Map<KernelKey, cl_kernel> kernels = new HashMap<>();

    private record KernelKey(ClSource source, String name) {
    }

    ClPrograms(ClApi api, cl_context context, ClDevice device) {
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
        cl_program program = api.createProgram(context, source.whole());
        try {
            api.build(program, device.id(), options());
            return program;
        } catch (OpenClException failed) {
            String log = api.buildLog(program, device.id());
            api.releaseProgram(program);
            throw new OpenClException("opencl: " + source.name() + " failed to build on \"" + device.name()
                    + "\" (driver " + device.driver() + "): " + log, failed.status(), failed);
        }
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
