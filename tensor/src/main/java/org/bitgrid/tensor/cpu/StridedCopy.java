package org.bitgrid.tensor.cpu;

import java.util.Arrays;
import org.bitgrid.tensor.DType;
import org.bitgrid.tensor.Layout;
import org.bitgrid.tensor.Shape;
import org.bitgrid.tensor.Storage;
import org.bitgrid.tensor.Tensor;

/** Copies a tensor of any layout and type into a contiguous one of the same type; fills contiguous tensors. */
final class StridedCopy {
    private StridedCopy() {
    }

    /** Copies {@code count} elements that lie {@code stride} apart. */
    @FunctionalInterface
    private interface Run {
        void copy(int from, int stride, int to, int count);
    }

    static void copy(Tensor from, Tensor to) {
        Storage source = from.storage();
        Storage target = to.storage();
        if (source.dtype() == DType.FLOAT32) {
            StridedReader reader = StridedReader.of(from);
            int at = to.layout().offset();
            Blocks.parallel(to, (begin, end) -> reader.read(begin, end - begin, target.floats(), at + begin));
            return;
        }
        Run run = switch (source.dtype()) {
            case FLOAT32 -> throw new AssertionError("copied above");
            case FLOAT64 -> doubles(source.doubles(), target.doubles());
            case INT64 -> longs(source.longs(), target.longs());
            case INT32 -> ints(source.ints(), target.ints());
            case INT8, UINT8, BOOL -> bytes(source.bytes(), target.bytes());
        };
        walk(from.layout(), to.layout().offset(), run);
    }

    /** Calls {@code run} for each innermost row, after joining dimensions that lie evenly. */
    private static void walk(Layout layout, int to, Run run) {
        Shape shape = layout.shape();
        if (shape.numel() == 0) {
            return;
        }
        int[] dims = new int[shape.rank() + 1];
        int[] strides = new int[shape.rank() + 1];
        int rank = 0;
        for (int i = 0; i < shape.rank(); i++) {
            int size = shape.dim(i);
            int stride = layout.stride(i);
            if (size == 1) {
                continue;
            }
            if (rank > 0 && strides[rank - 1] == (long) stride * size) {
                dims[rank - 1] *= size;
                strides[rank - 1] = stride;
            } else {
                dims[rank] = size;
                strides[rank++] = stride;
            }
        }
        if (rank == 0) {
            run.copy(layout.offset(), 1, to, 1);
            return;
        }
        int row = dims[rank - 1];
        int rowStride = strides[rank - 1];
        int[] index = new int[rank];
        int from = layout.offset();
        long rows = shape.numel() / row;
        for (long r = 0; r < rows; r++) {
            run.copy(from, rowStride, to, row);
            to += row;
            for (int d = rank - 2; d >= 0; d--) {
                from += strides[d];
                if (++index[d] < dims[d]) {
                    break;
                }
                from -= strides[d] * dims[d];
                index[d] = 0;
            }
        }
    }

    private static Run doubles(double[] source, double[] target) {
        return (from, stride, to, count) -> {
            for (int i = 0; i < count; i++) {
                target[to + i] = source[from + i * stride];
            }
        };
    }

    private static Run longs(long[] source, long[] target) {
        return (from, stride, to, count) -> {
            for (int i = 0; i < count; i++) {
                target[to + i] = source[from + i * stride];
            }
        };
    }

    private static Run ints(int[] source, int[] target) {
        return (from, stride, to, count) -> {
            for (int i = 0; i < count; i++) {
                target[to + i] = source[from + i * stride];
            }
        };
    }

    private static Run bytes(byte[] source, byte[] target) {
        return (from, stride, to, count) -> {
            for (int i = 0; i < count; i++) {
                target[to + i] = source[from + i * stride];
            }
        };
    }

    static void fill(Tensor target, double value) {
        Storage storage = target.storage();
        int from = target.layout().offset();
        int to = from + (int) target.numel();
        switch (storage.dtype()) {
            case FLOAT32 -> Arrays.fill(storage.floats(), from, to, (float) value);
            case FLOAT64 -> Arrays.fill(storage.doubles(), from, to, value);
            case INT64 -> Arrays.fill(storage.longs(), from, to, (long) value);
            case INT32 -> Arrays.fill(storage.ints(), from, to, (int) (long) value);
            case INT8, UINT8 -> Arrays.fill(storage.bytes(), from, to, (byte) (long) value);
            case BOOL -> Arrays.fill(storage.bytes(), from, to, (byte) (value != 0 ? 1 : 0));
        }
    }
}
