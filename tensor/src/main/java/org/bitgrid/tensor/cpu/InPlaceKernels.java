package org.bitgrid.tensor.cpu;

import org.bitgrid.tensor.DType;
import org.bitgrid.tensor.Layout;
import org.bitgrid.tensor.Shape;
import org.bitgrid.tensor.Storage;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.op.CopyInPlace;
import org.bitgrid.tensor.op.FillInPlace;
import org.bitgrid.tensor.op.Op;

/** Overwrites tensors of any layout and type. */
final class InPlaceKernels {
    private InPlaceKernels() {
    }

    static void register() {
        CpuBackend.define(CopyInPlace.class, new CopyInto());
        CpuBackend.define(FillInPlace.class, new FillInto());
    }

    /** Takes all types and layouts. */
    private abstract static class Anything implements CpuKernel {
        @Override
        public final boolean takes(Op op, Tensor[] inputs) {
            return true;
        }

        @Override
        public final boolean acceptsStrides() {
            return true;
        }
    }

    private static final class CopyInto extends Anything {
        @Override
        public void run(Op op, Tensor[] inputs, Tensor[] outputs) {
            Tensor target = inputs[0];
            Tensor source = inputs[1];
            Shape shape = target.layout().shape();
            if (source.storage() == target.storage()) {
                // The target may lie over elements that are still to be read.
                source = fresh(source);
            }
            if (source.dtype() == target.dtype() && target.isContiguous()) {
                StridedCopy.copy(Tensor.of(source.storage(), source.layout().expand(shape), source.device()), target);
                return;
            }
            convert(source.storage(), places(source.layout().expand(shape)), target.storage(),
                    places(target.layout()));
        }

        private static Tensor fresh(Tensor source) {
            Shape shape = source.layout().shape();
            Tensor copy = Tensor.of(Storage.allocate(source.dtype(), (int) shape.numel()), Layout.contiguous(shape),
                    source.device());
            StridedCopy.copy(source, copy);
            return copy;
        }
    }

    private static final class FillInto extends Anything {
        @Override
        public void run(Op op, Tensor[] inputs, Tensor[] outputs) {
            double value = ((FillInPlace) op).value();
            Tensor target = inputs[0];
            if (target.isContiguous()) {
                StridedCopy.fill(target, value);
                return;
            }
            for (int place : places(target.layout())) {
                put(target.storage(), place, value);
            }
        }
    }

    /** The storage position of each element, in row-major order. */
    private static int[] places(Layout layout) {
        Shape shape = layout.shape();
        int[] places = new int[(int) shape.numel()];
        int[] index = new int[shape.rank()];
        int at = layout.offset();
        for (int i = 0; i < places.length; i++) {
            places[i] = at;
            for (int d = index.length - 1; d >= 0; d--) {
                at += layout.stride(d);
                if (++index[d] < shape.dim(d)) {
                    break;
                }
                at -= layout.stride(d) * shape.dim(d);
                index[d] = 0;
            }
        }
        return places;
    }

    private static void convert(Storage source, int[] from, Storage target, int[] to) {
        if (source.dtype() == DType.FLOAT32 && target.dtype() == DType.FLOAT32) {
            float[] x = source.floats();
            float[] y = target.floats();
            for (int i = 0; i < to.length; i++) {
                y[to[i]] = x[from[i]];
            }
        } else if (source.dtype() == DType.INT64 && target.dtype() == DType.INT64) {
            long[] x = source.longs();
            long[] y = target.longs();
            for (int i = 0; i < to.length; i++) {
                y[to[i]] = x[from[i]];
            }
        } else {
            for (int i = 0; i < to.length; i++) {
                put(target, to[i], get(source, from[i]));
            }
        }
    }

    private static double get(Storage storage, int at) {
        return switch (storage.dtype()) {
            case FLOAT32 -> storage.floats()[at];
            case FLOAT64 -> storage.doubles()[at];
            case INT64 -> storage.longs()[at];
            case INT32 -> storage.ints()[at];
            case INT8, BOOL -> storage.bytes()[at];
            case UINT8 -> storage.bytes()[at] & 0xff;
        };
    }

    private static void put(Storage storage, int at, double value) {
        switch (storage.dtype()) {
            case FLOAT32 -> storage.floats()[at] = (float) value;
            case FLOAT64 -> storage.doubles()[at] = value;
            case INT64 -> storage.longs()[at] = (long) value;
            case INT32 -> storage.ints()[at] = (int) (long) value;
            case INT8, UINT8 -> storage.bytes()[at] = (byte) (long) value;
            case BOOL -> storage.bytes()[at] = (byte) (value != 0 ? 1 : 0);
        }
    }
}
