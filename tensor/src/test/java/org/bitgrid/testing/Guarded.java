package org.bitgrid.testing;

import org.bitgrid.tensor.DType;
import org.bitgrid.tensor.Device;
import org.bitgrid.tensor.Layout;
import org.bitgrid.tensor.Shape;
import org.bitgrid.tensor.Storage;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.TensorSpec;

/**
 * Tensors in buffers that are larger than they need, the rest filled with a guard value: NaN, or the type's smallest
 * number. A kernel that reads outside gives wrong results, one that writes outside is found by {@link #checkGuards}.
 */
public final class Guarded {
    private static final int GUARD = 7;

    private Guarded() {
    }

    /** The same values in the middle of a larger buffer. */
    public static Tensor offset(Tensor tensor) {
        return placed(tensor, Layout.contiguous(tensor.shape(), GUARD), (int) tensor.numel() + 2 * GUARD);
    }

    /** The same values in every second place of a buffer. */
    public static Tensor stepped(Tensor tensor) {
        Shape shape = tensor.shape();
        Layout pairs = Layout.contiguous(shape.concat(Shape.of(2)), GUARD);
        Layout second = pairs.slice(shape.rank(), 1, 1, 1).reshape(shape);
        return placed(tensor, second, 2 * (int) tensor.numel() + 2 * GUARD);
    }

    /** The same values with the dimensions laid out in reverse order. */
    public static Tensor transposed(Tensor tensor) {
        int rank = tensor.rank();
        int[] order = new int[rank];
        int[] dims = new int[rank];
        for (int i = 0; i < rank; i++) {
            order[i] = rank - 1 - i;
            dims[i] = tensor.size(order[i]);
        }
        return placed(tensor, Layout.contiguous(Shape.of(dims), GUARD).permute(order),
                (int) tensor.numel() + 2 * GUARD);
    }

    /** Values in a buffer of their own under the layout of another tensor of their shape. */
    static Tensor likeLayout(Tensor layout, Tensor values) {
        return placed(values, layout.layout(), layout.storage().length());
    }

    private static Tensor placed(Tensor tensor, Layout layout, int length) {
        Storage storage = filled(tensor.dtype(), length);
        int[] places = places(layout);
        Tensor source = tensor.contiguous();
        int start = source.layout().offset();
        for (int i = 0; i < places.length; i++) {
            switch (tensor.dtype()) {
                case FLOAT32 -> storage.floats()[places[i]] = source.storage().floats()[start + i];
                case FLOAT64 -> storage.doubles()[places[i]] = source.storage().doubles()[start + i];
                case INT64 -> storage.longs()[places[i]] = source.storage().longs()[start + i];
                case INT32 -> storage.ints()[places[i]] = source.storage().ints()[start + i];
                default -> storage.bytes()[places[i]] = source.storage().bytes()[start + i];
            }
        }
        return Tensor.of(storage, layout, Device.CPU);
    }

    /** An output that a kernel has to fill, with guards behind it; everything is the guard value. */
    public static Tensor output(TensorSpec spec) {
        return Tensor.of(filled(spec.dtype(), (int) spec.shape().numel() + GUARD), Layout.contiguous(spec.shape()),
                Device.CPU);
    }

    private static Storage filled(DType dtype, int length) {
        Storage storage = Storage.allocate(dtype, length);
        for (int i = 0; i < length; i++) {
            switch (dtype) {
                case FLOAT32 -> storage.floats()[i] = Float.NaN;
                case FLOAT64 -> storage.doubles()[i] = Double.NaN;
                case INT64 -> storage.longs()[i] = Long.MIN_VALUE;
                case INT32 -> storage.ints()[i] = Integer.MIN_VALUE;
                default -> storage.bytes()[i] = Byte.MIN_VALUE;
            }
        }
        return storage;
    }

    /** Fails when something outside of the tensor's elements is not the guard value any more. */
    public static void checkGuards(String what, Tensor tensor) {
        Storage storage = tensor.storage();
        boolean[] own = new boolean[storage.length()];
        for (int place : places(tensor.layout())) {
            own[place] = true;
        }
        for (int i = 0; i < own.length; i++) {
            boolean intact = switch (storage.dtype()) {
                case FLOAT32 -> Float.isNaN(storage.floats()[i]);
                case FLOAT64 -> Double.isNaN(storage.doubles()[i]);
                case INT64 -> storage.longs()[i] == Long.MIN_VALUE;
                case INT32 -> storage.ints()[i] == Integer.MIN_VALUE;
                default -> storage.bytes()[i] == Byte.MIN_VALUE;
            };
            if (!own[i] && !intact) {
                throw new AssertionError(what + ": wrote outside of its tensor, at " + i + " of a buffer of "
                        + own.length + " with " + tensor.layout());
            }
        }
    }

    /** The storage position of each element in row-major order. */
    private static int[] places(Layout layout) {
        Shape shape = layout.shape();
        int[] places = new int[(int) shape.numel()];
        int[] index = new int[shape.rank()];
        for (int i = 0; i < places.length; i++) {
            int place = layout.offset();
            for (int d = 0; d < index.length; d++) {
                place += index[d] * layout.stride(d);
            }
            places[i] = place;
            for (int d = index.length - 1; d >= 0 && ++index[d] == shape.dim(d); d--) {
                index[d] = 0;
            }
        }
        return places;
    }
}
