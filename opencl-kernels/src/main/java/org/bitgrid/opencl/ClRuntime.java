package org.bitgrid.opencl;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jocl.Pointer;
import org.jocl.Sizeof;
import org.jocl.cl_command_queue;
import org.jocl.cl_context;
import org.jocl.cl_kernel;
import org.jocl.cl_mem;

/**
 * One device at work: its context, its in-order queue, its memory and its programs. Safe for many threads: what they
 * ask for is queued in some order, and whatever one thread asks for runs in the order it asked.
 */
final class ClRuntime {
    private static final Map<Integer, ClRuntime> RUNNING = new HashMap<>();
    private static final int LAUNCHES_BETWEEN_FLUSHES = 32;

    private final ClApi api;
    private final ClDevice device;
    private final cl_command_queue queue;
    private final ClMemory memory;
    private final ClPrograms programs;
    private long launches;
    private long waits;

    ClRuntime(ClApi api, ClDevice device, long budget) {
        this.api = api;
        this.device = device;
        cl_context context = api.createContext(device.platform(), device.id());
        this.queue = api.createQueue(context, device.id());
        this.memory = new ClMemory(api, context, device, budget);
        this.programs = new ClPrograms(api, context, device);
    }

    /** The device with this index, started when it is first asked for: one context for each in a process. */
    static ClRuntime of(int index) {
        synchronized (RUNNING) {
            return RUNNING.computeIfAbsent(index, number -> {
                ClMath.check();
                ClDevice device = ClDevices.get(number);
                return new ClRuntime(new JoclApi(), device, ClBudget.bytes(device));
            });
        }
    }

    ClDevice device() {
        return device;
    }

    ClMemory memory() {
        return memory;
    }

    /** Kernels queued since the start. */
    synchronized long launches() {
        return launches;
    }

    /** How often a thread waited for the device since the start. */
    synchronized long waits() {
        return waits;
    }

    /** The work-group size for kernels that have no opinion. */
    int groupSize() {
        return (int) Math.min(device.gpu() ? 256 : 64, device.largestGroup());
    }

    /** A call of a kernel, to be given its arguments. */
    ClLaunch launch(ClSource source, String kernel) {
        return new ClLaunch(this, source, kernel);
    }

    /** An argument of a kernel: its bytes. */
    record Argument(long bytes, Pointer value) {
        static Argument of(cl_mem memory) {
            return new Argument(Sizeof.cl_mem, Pointer.to(memory));
        }
    }

    synchronized void enqueue(ClSource source, String name, List<Argument> arguments, long[] global, long[] local) {
        cl_kernel kernel = programs.kernel(source, name);
        for (int i = 0; i < arguments.size(); i++) {
            api.setArgument(kernel, i, arguments.get(i).bytes(), arguments.get(i).value());
        }
        api.launch(queue, kernel, global, local);
        if (++launches % LAUNCHES_BETWEEN_FLUSHES == 0) {
            api.flush(queue);
        }
    }

    synchronized void write(cl_mem to, long offset, long bytes, Pointer from) {
        api.write(queue, to, offset, bytes, from);
    }

    synchronized void read(cl_mem from, long offset, long bytes, Pointer to) {
        waits++;
        api.read(queue, from, offset, bytes, to);
    }

    /** Whether the device's compiler takes a program with a kernel {@code probe}. */
    synchronized boolean compiles(String text) {
        return programs.compiles(text);
    }

    /** Waits until everything that was queued has run. */
    synchronized void finish() {
        waits++;
        api.finish(queue);
    }
}
