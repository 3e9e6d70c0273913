package org.bitgrid.tensor.cpu;

import org.bitgrid.tensor.DType;
import org.bitgrid.tensor.Layout;
import org.bitgrid.tensor.Rng;
import org.bitgrid.tensor.Shape;
import org.bitgrid.tensor.Storage;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.op.Cat;
import org.bitgrid.tensor.op.Dropout;
import org.bitgrid.tensor.op.Op;
import org.bitgrid.tensor.op.Slice;

/** Operators that join, place and drop elements; those that only move them take every type. */
final class MoveKernels {
    private MoveKernels() {
    }

    static void register() {
        CpuBackend.define(Cat.class, new Joined());
        CpuBackend.define(Slice.Grad.class, new Placed());
        CpuBackend.define(Dropout.class, MoveKernels::dropout);
    }

    /** Copies a run of elements between storages of one type. */
    static void copy(Storage from, int fromAt, Storage to, int toAt, int count) {
        if (count == 0) {
            return; // an empty tensor may begin beyond its storage
        }
        switch (from.dtype()) {
            case FLOAT32 -> System.arraycopy(from.floats(), fromAt, to.floats(), toAt, count);
            case FLOAT64 -> System.arraycopy(from.doubles(), fromAt, to.doubles(), toAt, count);
            case INT64 -> System.arraycopy(from.longs(), fromAt, to.longs(), toAt, count);
            case INT32 -> System.arraycopy(from.ints(), fromAt, to.ints(), toAt, count);
            case INT8, UINT8, BOOL -> System.arraycopy(from.bytes(), fromAt, to.bytes(), toAt, count);
        }
    }

    private static final class Joined implements CpuKernel {
        @Override
        public boolean takes(Op op, Tensor[] inputs) {
            return true;
        }

        @Override
        public void run(Op op, Tensor[] inputs, Tensor[] outputs) {
            Shape shape = outputs[0].layout().shape();
            int axis = shape.checkedAxis(op.name(), ((Cat) op).axis());
            int outer = (int) shape.slice(0, axis).numel();
            int inner = (int) shape.slice(axis + 1, shape.rank()).numel();
            int row = shape.dim(axis) * inner;
            int start = outputs[0].layout().offset();
            for (Tensor part : inputs) {
                int length = part.layout().shape().dim(axis) * inner;
                for (int i = 0; i < outer; i++) {
                    copy(part.storage(), part.layout().offset() + i * length, outputs[0].storage(), start + i * row,
                            length);
                }
                start += length;
            }
        }
    }

    private static final class Placed implements CpuKernel {
        @Override
        public boolean takes(Op op, Tensor[] inputs) {
            return true;
        }

        @Override
        public void run(Op op, Tensor[] inputs, Tensor[] outputs) {
            Slice.Grad grad = (Slice.Grad) op;
            Shape shape = grad.shape();
            StridedCopy.fill(outputs[0], 0);
            int axis = shape.checkedAxis(op.name(), grad.slice().axis());
            Layout places = grad.slice().view(Layout.contiguous(shape, outputs[0].layout().offset()));
            int count = places.shape().dim(axis);
            int outer = (int) shape.slice(0, axis).numel();
            int inner = (int) shape.slice(axis + 1, shape.rank()).numel();
            boolean together = places.stride(axis) == inner;
            int run = together ? count * inner : inner;
            int from = inputs[0].layout().offset();
            for (int i = 0; i < outer; i++) {
                int to = places.offset() + i * shape.dim(axis) * inner;
                for (int k = 0; k < (together ? Math.min(1, count) : count); k++) {
                    copy(inputs[0].storage(), from, outputs[0].storage(), to + k * places.stride(axis), run);
                    from += run;
                }
            }
        }
    }

    /** Keeps element i when the 24 random bits at position i reach the probability in as many bits. */
    private static void dropout(Op op, Tensor[] in, Tensor[] out) {
        Dropout dropout = (Dropout) op;
        Rng rng = new Rng(dropout.seed());
        int threshold = (int) Math.ceil(dropout.probability() * (1 << 24));
        double scale = dropout.scale();
        float[] x = in[0].storage().floats();
        int xAt = in[0].layout().offset();
        float[] y = out[0].storage().floats();
        int yAt = out[0].layout().offset();
        Blocks.parallel(out[0], (begin, end) -> {
            for (int i = begin; i < end; i++) {
                int dropped = (int) (rng.longAt(i) >>> 40) - threshold >> 31; // all bits set, or none
                y[yAt + i] = Float.intBitsToFloat(Float.floatToRawIntBits((float) (x[xAt + i] * scale)) & ~dropped);
            }
        });
    }

    /** Whether a tensor holds FLOAT32. */
    static boolean isFloat(Tensor tensor) {
        return tensor.dtype() == DType.FLOAT32;
    }

    /** Strides of a contiguous tensor of this shape. */
    static int[] strides(Shape shape) {
        int[] strides = new int[shape.rank()];
        int stride = 1;
        for (int d = strides.length - 1; d >= 0; d--) {
            strides[d] = stride;
            stride *= shape.dim(d);
        }
        return strides;
    }

    /** Fills positions of elements {@code begin} to {@code end} of {@code shape} in an array with other strides. */
    static void positions(Shape shape, int[] strides, int begin, int end, int[] positions) {
        int rank = shape.rank();
        int[] index = new int[rank];
        int rest = begin;
        int position = 0;
        for (int d = rank - 1; d >= 0; d--) {
            index[d] = rest % shape.dim(d);
            position += index[d] * strides[d];
            rest /= shape.dim(d);
        }
        for (int i = begin; i < end; i++) {
            positions[i - begin] = position;
            for (int d = rank - 1; d >= 0; d--) {
                position += strides[d];
                if (++index[d] < shape.dim(d)) {
                    break;
                }
                position -= strides[d] * shape.dim(d);
                index[d] = 0;
            }
        }
    }
}
