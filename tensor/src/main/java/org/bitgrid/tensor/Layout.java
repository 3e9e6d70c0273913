package org.bitgrid.tensor;

import java.util.Arrays;

/**
 * How a tensor's elements lie in its storage. Strides and offset count elements, not bytes; a stride of 0 repeats an
 * element (expanded dimensions). Layouts are immutable.
 */
public final class Layout {
    private final Shape shape;
    private final int[] strides;
    private final int offset;
    private final boolean contiguous;

    private Layout(Shape shape, int[] strides, int offset) {
        this.shape = shape;
        this.strides = strides;
        this.offset = offset;
        this.contiguous = isRowMajor(shape, strides);
    }

    /** Row-major without gaps, from element 0. */
    public static Layout contiguous(Shape shape) {
        return contiguous(shape, 0);
    }

    /** Row-major without gaps, from element {@code offset}. */
    public static Layout contiguous(Shape shape, int offset) {
        int[] strides = new int[shape.rank()];
        long stride = 1;
        for (int i = strides.length - 1; i >= 0; i--) {
            strides[i] = (int) Math.min(stride, Integer.MAX_VALUE);
            stride *= Math.max(1, shape.dim(i));
        }
        return new Layout(shape, strides, offset);
    }

    /** A layout with explicit strides, in elements. */
    public static Layout of(Shape shape, int[] strides, int offset) {
        if (strides.length != shape.rank()) {
            throw new ShapeException("layout", "got " + strides.length + " strides for shape " + shape
                    + "; expected " + shape.rank());
        }
        return new Layout(shape, strides.clone(), offset);
    }

    public Shape shape() {
        return shape;
    }

    /** Distance in elements between neighbours along dimension {@code index} (0 to rank - 1). */
    public int stride(int index) {
        return strides[index];
    }

    /** Strides in elements, as a fresh array. */
    public int[] strides() {
        return strides.clone();
    }

    /** Index in the storage of the first element. */
    public int offset() {
        return offset;
    }

    /** Whether the elements lie row-major without gaps, at any offset. */
    public boolean isContiguous() {
        return contiguous;
    }

    /** Dimensions in the order {@code axes}. */
    public Layout permute(int[] axes) {
        int[] dims = new int[axes.length];
        int[] permuted = new int[axes.length];
        for (int i = 0; i < axes.length; i++) {
            dims[i] = shape.dim(axes[i]);
            permuted[i] = strides[axes[i]];
        }
        return new Layout(Shape.of(dims), permuted, offset);
    }

    /** Elements start, start + step, … (count of them) along {@code axis}. */
    public Layout slice(int axis, int start, int step, int count) {
        int[] stepped = strides.clone();
        stepped[axis] *= step;
        Shape sliced = shape.with(axis, count);
        // What is empty begins where it began, which is never outside of the storage.
        return new Layout(sliced, stepped, sliced.numel() == 0 ? offset : offset + start * strides[axis]);
    }

    /** Broadcast to {@code target} with strides of 0; the shapes must be compatible. */
    public Layout expand(Shape target) {
        int lead = target.rank() - shape.rank();
        int[] expanded = new int[target.rank()];
        for (int i = 0; i < shape.rank(); i++) {
            expanded[lead + i] = shape.dim(i) == 1 && target.dim(lead + i) != 1 ? 0 : strides[i];
        }
        return new Layout(target, expanded, offset);
    }

    /**
     * The same elements under {@code target}, or null when no strides can express that.
     * Both shapes must have the same number of elements.
     */
    public Layout reshape(Shape target) {
        if (contiguous) {
            return contiguous(target, offset);
        }
        if (shape.numel() == 0) {
            return contiguous(target, offset);
        }
        // Walk both shapes from the end, matching runs of dimensions whose elements are evenly spaced.
        int[] out = new int[target.rank()];
        int t = target.rank() - 1;
        int s = shape.rank() - 1;
        while (s >= 0) {
            int runStride = strides[s];
            long run = shape.dim(s);
            while (s > 0 && (shape.dim(s - 1) == 1 || strides[s - 1] == runStride * run)) {
                s--;
                run *= shape.dim(s);
            }
            long taken = 1;
            while (t >= 0 && (taken < run || target.dim(t) == 1)) {
                out[t] = (int) (runStride * taken);
                taken *= target.dim(t);
                t--;
            }
            if (taken != run) {
                return null;
            }
            s--;
        }
        while (t >= 0) {
            out[t--] = 1;
        }
        return new Layout(target, out, offset);
    }

    private static boolean isRowMajor(Shape shape, int[] strides) {
        if (shape.numel() == 0) {
            return true;
        }
        long expected = 1;
        for (int i = strides.length - 1; i >= 0; i--) {
            if (shape.dim(i) != 1) {
                if (strides[i] != expected) {
                    return false;
                }
                expected *= shape.dim(i);
            }
        }
        return true;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Layout layout && shape.equals(layout.shape) && offset == layout.offset
                && Arrays.equals(strides, layout.strides);
    }

    @Override
    public int hashCode() {
        return 31 * (31 * shape.hashCode() + Arrays.hashCode(strides)) + offset;
    }

    @Override
    public String toString() {
        return shape + " strides " + Arrays.toString(strides) + " offset " + offset;
    }
}
