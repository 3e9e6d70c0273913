package org.bitgrid.tensor;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bitgrid.tensor.op.Expand;
import org.bitgrid.tensor.op.Flatten;
import org.bitgrid.tensor.op.Gather;
import org.bitgrid.tensor.op.Permute;
import org.bitgrid.tensor.op.Reshape;
import org.bitgrid.tensor.op.ScatterAdd;
import org.bitgrid.tensor.op.Slice;
import org.bitgrid.tensor.op.Squeeze;
import org.bitgrid.tensor.op.Transpose;
import org.bitgrid.tensor.op.Unsqueeze;

/** Methods of {@link Tensor} that place or select elements without changing them. */
interface ShapeOps {
    private Tensor self() {
        return (Tensor) this;
    }

    /** The same elements under another shape, sharing memory; one size may be -1. */
    default Tensor view(int... dims) {
        return Dispatch.apply(Reshape.of(true, dims), self());
    }

    /** The same elements under another shape, copied where strides do not allow sharing; one size may be -1. */
    default Tensor reshape(int... dims) {
        return Dispatch.apply(Reshape.of(false, dims), self());
    }

    /** All dimensions from {@code start} on joined into one. */
    default Tensor flatten(int start) {
        return flatten(start, -1);
    }

    /** Dimensions {@code start} to {@code end}, inclusive, joined into one. */
    default Tensor flatten(int start, int end) {
        return Dispatch.apply(new Flatten(start, end), self());
    }

    /** Dimensions in another order. */
    default Tensor permute(int... axes) {
        return permute(Arrays.stream(axes).boxed().toList());
    }

    /** Dimensions in another order. */
    default Tensor permute(List<Integer> axes) {
        return Dispatch.apply(new Permute(axes), self());
    }

    /** Two dimensions exchanged. */
    default Tensor transpose(int first, int second) {
        return Dispatch.apply(new Transpose(first, second), self());
    }

    /** Repeated along dimensions of size 1 without copying; -1 keeps a size. */
    default Tensor expand(int... dims) {
        return Dispatch.apply(Expand.of(dims), self());
    }

    /** Elements {@code start} to {@code end} (exclusive) along a dimension, as Python slices. */
    default Tensor slice(int axis, long start, long end) {
        return slice(axis, start, end, 1);
    }

    /** Every {@code step}-th element from {@code start} to {@code end} (exclusive) along a dimension. */
    default Tensor slice(int axis, long start, long end, long step) {
        return Dispatch.apply(new Slice(axis, start, end, step), self());
    }

    /** {@code length} elements from {@code start} along a dimension; they must exist. */
    default Tensor narrow(int axis, int start, int length) {
        int size = self().spec().shape().dim(self().spec().shape().checkedAxis("narrow", axis));
        if (start < 0 || length < 0 || start + length > size) {
            throw new ShapeException("narrow", "range outside the tensor; got " + start + " to " + (start + length)
                    + "; expected 0 to " + size);
        }
        return slice(axis, start, (long) start + length, 1);
    }

    /** One index of a dimension, which is dropped; negative indices count from the end. */
    default Tensor select(int axis, int index) {
        Shape shape = self().spec().shape();
        int at = shape.checkedAxis("select", axis);
        int size = shape.rank() == 0 ? 0 : shape.dim(at);
        if (index < -size || index >= size) {
            throw new ShapeException("select", "index out of range; got " + index + " for dimension " + at + " of "
                    + shape + "; expected " + -size + " to " + (size - 1));
        }
        int start = index < 0 ? index + size : index;
        return slice(at, start, start + 1L).squeeze(at);
    }

    /** Parts of {@code size} along a dimension, the last one shorter when it does not divide. */
    default List<Tensor> split(int size, int axis) {
        int at = self().spec().shape().checkedAxis("split", axis);
        int total = self().spec().shape().dim(at);
        if (size < 1) {
            throw new ShapeException("split", "size must be at least 1; got " + size);
        }
        List<Tensor> parts = new ArrayList<>();
        for (int start = 0; start == 0 || start < total; start += size) {
            parts.add(slice(at, start, Math.min(total, start + size)));
        }
        return parts;
    }

    /** A new dimension of size 1 before dimension {@code axis}. */
    default Tensor unsqueeze(int axis) {
        return Dispatch.apply(new Unsqueeze(axis), self());
    }

    /** Without dimension {@code axis} when its size is 1, else unchanged. */
    default Tensor squeeze(int axis) {
        return Dispatch.apply(new Squeeze(axis), self());
    }

    /** Elements chosen by INT64 indices along a dimension; the result has the shape of {@code index}. */
    default Tensor gather(int axis, Tensor index) {
        return Dispatch.apply(new Gather(axis), self(), index);
    }

    /** This plus elements of {@code source} at the places that {@code index} names along a dimension. */
    default Tensor scatterAdd(int axis, Tensor index, Tensor source) {
        return Dispatch.apply(new ScatterAdd(axis), self(), index, source);
    }
}
