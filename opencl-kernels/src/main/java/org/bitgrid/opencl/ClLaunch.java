package org.bitgrid.opencl;

import java.lang.ref.Reference;
import java.util.ArrayList;
import java.util.List;
import org.bitgrid.tensor.DType;
import org.bitgrid.tensor.Tensor;
import org.jocl.Pointer;
import org.jocl.Sizeof;
import org.jocl.cl_mem;

/**
 * One call of a kernel: arguments in the order of its parameters, each by a method named after its type, then
 * {@link #over}. A tensor is two parameters: {@code __global TYPE* x, int xOffset}, the offset in elements.
 */
final class ClLaunch {
    private final ClRuntime runtime;
    private final ClSource source;
    private final String kernel;
    private final List<ClRuntime.Argument> arguments = new ArrayList<>();
    /** What must stay reachable until the kernel is queued: a cleaner gives back the memory of other tensors. */
    private final List<Tensor> tensors = new ArrayList<>();

    ClLaunch(ClRuntime runtime, ClSource source, String kernel) {
        this.runtime = runtime;
        this.source = source;
        this.kernel = kernel;
    }

    /** A tensor that is read. */
    ClLaunch input(Tensor tensor) {
        return tensor(((ClBuffer) tensor.storage()).forRead(), tensor);
    }

    /** A tensor all of whose elements are written: the whole storage when the tensor covers it. */
    ClLaunch output(Tensor tensor) {
        ClBuffer buffer = (ClBuffer) tensor.storage();
        boolean whole = tensor.isContiguous() && tensor.numel() == buffer.length();
        return tensor(whole ? buffer.forOverwrite() : buffer.forUpdate(), tensor);
    }

    /** A tensor that is read and changed in place. */
    ClLaunch update(Tensor tensor) {
        return tensor(((ClBuffer) tensor.storage()).forUpdate(), tensor);
    }

    private ClLaunch tensor(cl_mem memory, Tensor tensor) {
        tensors.add(tensor);
        arguments.add(ClRuntime.Argument.of(memory));
        return integer(tensor.layout().offset());
    }

    /** Memory without an offset. */
    ClLaunch memory(ClMemory.Block block) {
        arguments.add(ClRuntime.Argument.of(block.memory));
        return this;
    }

    /** {@code int}. */
    ClLaunch integer(int value) {
        arguments.add(new ClRuntime.Argument(Sizeof.cl_int, Pointer.to(new int[] {value})));
        return this;
    }

    /** A vector of ints: {@code int2}, {@code int4}, {@code int8} or {@code int16}. */
    ClLaunch integers(int... values) {
        arguments.add(new ClRuntime.Argument((long) Sizeof.cl_int * values.length, Pointer.to(values.clone())));
        return this;
    }

    /** How to walk through layouts: {@code int rank, int8 sizes}, and for each layout {@code int8 strides}. */
    ClLaunch walk(ClStrides walk) {
        integer(walk.rank()).integers(walk.sizes());
        for (int[] strides : walk.strides()) {
            integers(strides);
        }
        return this;
    }

    /** {@code float}. */
    ClLaunch number(float value) {
        arguments.add(new ClRuntime.Argument(Sizeof.cl_float, Pointer.to(new float[] {value})));
        return this;
    }

    /** {@code double}. */
    ClLaunch real(double value) {
        arguments.add(new ClRuntime.Argument(Sizeof.cl_double, Pointer.to(new double[] {value})));
        return this;
    }

    /** {@code long}. */
    ClLaunch wide(long value) {
        arguments.add(new ClRuntime.Argument(Sizeof.cl_long, Pointer.to(new long[] {value})));
        return this;
    }

    /** A value of the type of a tensor's elements; for integers the fraction is cut off. */
    ClLaunch scalar(DType dtype, double value) {
        return switch (dtype) {
            case FLOAT32 -> number((float) value);
            case FLOAT64 -> real(value);
            case INT64 -> wide((long) value);
            case INT32 -> integer((int) value);
            case INT8, UINT8 -> octet((byte) (long) value);
            case BOOL -> octet((byte) (value == 0 ? 0 : 1));
        };
    }

    private ClLaunch octet(byte value) {
        arguments.add(new ClRuntime.Argument(Sizeof.cl_char, Pointer.to(new byte[] {value})));
        return this;
    }

    /**
     * Queues the kernel for at least {@code count} work-items in one dimension: rounded up to whole groups, so the kernel
     * must leave out those beyond. Nothing happens for 0.
     */
    void over(long count) {
        if (count > 0) {
            long group = runtime.groupSize();
            over(new long[] {(count + group - 1) / group * group}, new long[] {group});
        }
    }

    /** Queues the kernel over a grid of whole groups. */
    void over(long[] global, long[] group) {
        runtime.enqueue(source, kernel, arguments, global, group);
        Reference.reachabilityFence(tensors);
    }
}
