package org.bitgrid.opencl;

import java.nio.charset.StandardCharsets;
import java.util.function.Supplier;
import org.jocl.CL;
import org.jocl.CLException;
import org.jocl.Pointer;
import org.jocl.Sizeof;
import org.jocl.cl_command_queue;
import org.jocl.cl_context;
import org.jocl.cl_context_properties;
import org.jocl.cl_device_id;
import org.jocl.cl_kernel;
import org.jocl.cl_mem;
import org.jocl.cl_platform_id;
import org.jocl.cl_program;

/** The binding through jocl, with its exceptions turned into ours. */
final class JoclApi implements ClApi {
    private static <T> T call(String what, Supplier<T> body) {
        try {
            return body.get();
        } catch (CLException failed) {
            throw new OpenClException(what, failed.getStatus());
        }
    }

    private static void run(String what, Runnable body) {
        call(what, () -> {
            body.run();
            return null;
        });
    }

    @Override
    public cl_context createContext(cl_platform_id platform, cl_device_id device) {
        cl_context_properties properties = new cl_context_properties();
        properties.addProperty(CL.CL_CONTEXT_PLATFORM, platform);
        return call("clCreateContext", () -> CL.clCreateContext(properties, 1, new cl_device_id[] {device}, null, null,
                null));
    }

    @Override
    @SuppressWarnings("deprecation") // the newer function is missing in OpenCL 1.2
    public cl_command_queue createQueue(cl_context context, cl_device_id device) {
        return call("clCreateCommandQueue", () -> CL.clCreateCommandQueue(context, device, 0, null));
    }

    @Override
    public cl_mem createBuffer(cl_context context, long bytes) {
        return call("clCreateBuffer", () -> CL.clCreateBuffer(context, CL.CL_MEM_READ_WRITE, bytes, null, null));
    }

    @Override
    public void releaseBuffer(cl_mem buffer) {
        run("clReleaseMemObject", () -> CL.clReleaseMemObject(buffer));
    }

    @Override
    public void write(cl_command_queue queue, cl_mem buffer, long offset, long bytes, Pointer from) {
        run("clEnqueueWriteBuffer", () -> CL.clEnqueueWriteBuffer(queue, buffer, true, offset, bytes, from, 0, null,
                null));
    }

    @Override
    public void read(cl_command_queue queue, cl_mem buffer, long offset, long bytes, Pointer to) {
        run("clEnqueueReadBuffer", () -> CL.clEnqueueReadBuffer(queue, buffer, true, offset, bytes, to, 0, null, null));
    }

    @Override
    public cl_program createProgram(cl_context context, String source) {
        return call("clCreateProgramWithSource", () -> CL.clCreateProgramWithSource(context, 1, new String[] {source},
                null, null));
    }

    @Override
    public cl_program createProgram(cl_context context, cl_device_id device, byte[] binary) {
        return call("clCreateProgramWithBinary", () -> CL.clCreateProgramWithBinary(context, 1,
                new cl_device_id[] {device}, new long[] {binary.length}, new byte[][] {binary}, new int[1], null));
    }

    @Override
    public void build(cl_program program, cl_device_id device, String options) {
        run("clBuildProgram", () -> CL.clBuildProgram(program, 1, new cl_device_id[] {device}, options, null, null));
    }

    @Override
    public String buildLog(cl_program program, cl_device_id device) {
        long[] size = new long[1];
        run("clGetProgramBuildInfo", () -> CL.clGetProgramBuildInfo(program, device, CL.CL_PROGRAM_BUILD_LOG, 0, null,
                size));
        byte[] text = new byte[(int) size[0]];
        run("clGetProgramBuildInfo", () -> CL.clGetProgramBuildInfo(program, device, CL.CL_PROGRAM_BUILD_LOG,
                text.length, Pointer.to(text), null));
        int end = text.length;
        while (end > 0 && text[end - 1] <= ' ' && text[end - 1] >= 0) {
            end--;
        }
        return new String(text, 0, end, StandardCharsets.UTF_8);
    }

    @Override
    public byte[] binary(cl_program program) {
        long[] size = new long[1];
        run("clGetProgramInfo", () -> CL.clGetProgramInfo(program, CL.CL_PROGRAM_BINARY_SIZES, Sizeof.size_t,
                Pointer.to(size), null));
        byte[] binary = new byte[(int) size[0]];
        run("clGetProgramInfo", () -> CL.clGetProgramInfo(program, CL.CL_PROGRAM_BINARIES, Sizeof.POINTER,
                Pointer.to(Pointer.to(binary)), null));
        return binary;
    }

    @Override
    public void releaseProgram(cl_program program) {
        run("clReleaseProgram", () -> CL.clReleaseProgram(program));
    }

    @Override
    public cl_kernel createKernel(cl_program program, String name) {
        return call("clCreateKernel " + name, () -> CL.clCreateKernel(program, name, null));
    }

    @Override
    public void releaseKernel(cl_kernel kernel) {
        run("clReleaseKernel", () -> CL.clReleaseKernel(kernel));
    }

    @Override
    public void setArgument(cl_kernel kernel, int index, long bytes, Pointer value) {
        run("clSetKernelArg " + index, () -> CL.clSetKernelArg(kernel, index, bytes, value));
    }

    @Override
    public void launch(cl_command_queue queue, cl_kernel kernel, long[] global, long[] local) {
        run("clEnqueueNDRangeKernel", () -> CL.clEnqueueNDRangeKernel(queue, kernel, global.length, null, global, local,
                0, null, null));
    }

    @Override
    public void flush(cl_command_queue queue) {
        run("clFlush", () -> CL.clFlush(queue));
    }

    @Override
    public void finish(cl_command_queue queue) {
        run("clFinish", () -> CL.clFinish(queue));
    }
}
