package org.bitgrid.tensor;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bitgrid.tensor.op.Expand;
import org.bitgrid.tensor.op.Flatten;
import org.bitgrid.tensor.op.Gather;
import org.bitgrid.tensor.op.Nonzero;
import org.bitgrid.tensor.op.Permute;
import org.bitgrid.tensor.op.Reshape;
import org.bitgrid.tensor.op.Scatter;
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

    /** {@code source} elements put at the places that {@code index} names along a dimension; the last of equals. */
    default Tensor scatter(int axis, Tensor index, Tensor source) {
        return Dispatch.apply(new Scatter(axis), self(), index, source);
    }

    /** {@code value} put at the places that {@code index} names along a dimension. */
    default Tensor scatter(int axis, Tensor index, double value) {
        return Scatter.apply(self(), axis, index, value);
    }

    /** Parts of these sizes along a dimension, which they must fill. */
    default List<Tensor> split(List<Integer> sizes, int axis) {
        Shape shape = self().spec().shape();
        int at = shape.checkedAxis("split", axis);
        int total = sizes.stream().mapToInt(Integer::intValue).sum();
        if (shape.rank() == 0 || total != shape.dim(at) || sizes.stream().anyMatch(size -> size < 0)) {
            throw new ShapeException("split", "sizes must fill dimension " + at + " of " + shape + "; got " + sizes);
        }
        List<Tensor> parts = new ArrayList<>();
        int start = 0;
        for (int size : sizes) {
            parts.add(slice(at, start, (long) start + size));
            start += size;
        }
        return parts;
    }

    /** All indices of a dimension, which is dropped. */
    default List<Tensor> unbind(int axis) {
        Shape shape = self().spec().shape();
        int at = shape.checkedAxis("unbind", axis);
        if (shape.rank() == 0) {
            throw new ShapeException("unbind", "a tensor without dimensions has no parts; got " + shape);
        }
        List<Tensor> parts = new ArrayList<>();
        for (int i = 0; i < shape.dim(at); i++) {
            parts.add(select(at, i));
        }
        return parts;
    }

    /** Without all dimensions of size 1. */
    default Tensor squeeze() {
        Tensor x = self();
        for (int i = x.rank() - 1; i >= 0; i--) {
            x = x.squeeze(i);
        }
        return x;
    }

    /** {@link #expand} to the shape of another tensor. */
    default Tensor expandAs(Tensor other) {
        return expand(other.shape().toArray());
    }

    /** {@link #view} with the shape of another tensor. */
    default Tensor viewAs(Tensor other) {
        return view(other.shape().toArray());
    }

    /** Dimension {@code axis} cut into several; one of their sizes may be -1. */
    default Tensor unflatten(int axis, int... sizes) {
        Shape shape = self().spec().shape();
        int at = shape.checkedAxis("unflatten", axis);
        int[] dims = new int[shape.rank() - 1 + sizes.length];
        for (int i = 0; i < dims.length; i++) {
            dims[i] = i < at ? shape.dim(i) : i < at + sizes.length ? sizes[i - at] : shape.dim(i - sizes.length + 1);
        }
        return reshape(dims);
    }

    /** Dimension {@code from} moved to place {@code to}. */
    default Tensor movedim(int from, int to) {
        Shape shape = self().spec().shape();
        List<Integer> order = new ArrayList<>();
        for (int i = 0; i < shape.rank(); i++) {
            order.add(i);
        }
        Integer moved = order.remove(shape.checkedAxis("movedim", from));
        order.add(shape.checkedAxis("movedim", to), moved);
        return permute(order);
    }

    /** Each index of a dimension so many times, one after the other. */
    default Tensor repeatInterleave(int count, int axis) {
        Shape shape = self().spec().shape();
        int at = shape.checkedAxis("repeatInterleave", axis);
        int[] expanded = shape.slice(0, at + 1).concat(Shape.of(count)).concat(shape.slice(at + 1, shape.rank()))
                .toArray();
        return unsqueeze(at + 1).expand(expanded).flatten(at, at + 1);
    }

    /** Coordinates (count, rank) INT64 of the elements that are not 0; an error while tracing. */
    default Tensor nonzero() {
        self().checkReadable("nonzero");
        int count = Math.toIntExact(self().countNonzero().itemLong());
        return Dispatch.apply(new Nonzero(count), self());
    }

    /** The elements (count) where the mask (BOOL) holds, both broadcast; an error while tracing. */
    default Tensor maskedSelect(Tensor mask) {
        Check.bool("masked_select", "mask", mask.spec());
        int[] dims = Shape.broadcast("masked_select", self().spec().shape(), mask.spec().shape()).toArray();
        mask.checkReadable("maskedSelect");
        Tensor places = mask.expand(dims).reshape(-1).nonzero().reshape(-1);
        return self().expand(dims).reshape(-1).indexSelect(0, places);
    }
}
