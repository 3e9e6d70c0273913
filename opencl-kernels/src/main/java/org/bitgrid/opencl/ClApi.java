package org.bitgrid.opencl;

import org.jocl.Pointer;
import org.jocl.cl_command_queue;
import org.jocl.cl_context;
import org.jocl.cl_device_id;
import org.jocl.cl_kernel;
import org.jocl.cl_mem;
import org.jocl.cl_platform_id;
import org.jocl.cl_program;

/**
 * The OpenCL functions that a running device needs, each failing with {@link OpenClException}. A seam: tests put
 * something between that fails like a lost device, and another binding could take jocl's place.
 */
interface ClApi {
    cl_context createContext(cl_platform_id platform, cl_device_id device);

    /** An in-order queue. */
    cl_command_queue createQueue(cl_context context, cl_device_id device);

    cl_mem createBuffer(cl_context context, long bytes);

    void releaseBuffer(cl_mem buffer);

    /** Copies into a buffer and waits until {@code from} was read. Offsets and sizes in bytes. */
    void write(cl_command_queue queue, cl_mem buffer, long offset, long bytes, Pointer from);

    /** Copies out of a buffer and waits. */
    void read(cl_command_queue queue, cl_mem buffer, long offset, long bytes, Pointer to);

    cl_program createProgram(cl_context context, String source);

    cl_program createProgram(cl_context context, cl_device_id device, byte[] binary);

    void build(cl_program program, cl_device_id device, String options);

    String buildLog(cl_program program, cl_device_id device);

    byte[] binary(cl_program program);

    void releaseProgram(cl_program program);

    cl_kernel createKernel(cl_program program, String name);

    void releaseKernel(cl_kernel kernel);

    void setArgument(cl_kernel kernel, int index, long bytes, Pointer value);

    /** Queues a kernel; {@code local} may be null. */
    void launch(cl_command_queue queue, cl_kernel kernel, long[] global, long[] local);

    /** Has the device start on what is queued. */
    void flush(cl_command_queue queue);

    /** Waits until the queue is empty. */
    void finish(cl_command_queue queue);
}
