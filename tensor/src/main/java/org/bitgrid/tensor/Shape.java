package org.bitgrid.tensor;

import java.util.Arrays;

/** Immutable sizes of a tensor's dimensions, outermost first. Prints as {@code (2, 3, 224, 224)}. */
public final class Shape {
    /** The shape of a tensor with no dimensions and one element. */
    public static final Shape SCALAR = new Shape(new int[0]);

    private final int[] dims;
    private final long numel;

    private Shape(int[] dims) {
        this.dims = dims;
        long product = 1;
        for (int dim : dims) {
            if (dim < 0) {
                throw new ShapeException("shape", "sizes must not be negative; got " + text(dims));
            }
            product = Math.multiplyExact(product, (long) dim);
        }
        this.numel = product;
    }

    public static Shape of(int... dims) {
        return dims.length == 0 ? SCALAR : new Shape(dims.clone());
    }

    /** Number of dimensions. */
    public int rank() {
        return dims.length;
    }

    /** Size of dimension {@code index}; negative indices count from the end. */
    public int dim(int index) {
        return dims[index < 0 ? checkedAxis("shape", index) : index];
    }

    /** Number of elements. */
    public long numel() {
        return numel;
    }

    /** Sizes, as a fresh array. */
    public int[] toArray() {
        return dims.clone();
    }

    /**
     * {@code axis} as a number from 0 to rank - 1.
     *
     * @throws ShapeException when it lies outside [-rank, rank - 1]; a rank of 0 allows 0 and -1
     */
    public int checkedAxis(String operation, int axis) {
        int limit = Math.max(1, dims.length);
        if (axis < -limit || axis >= limit) {
            throw new ShapeException(operation, "dimension out of range; got " + axis + " for shape " + this
                    + "; expected " + -limit + " to " + (limit - 1));
        }
        return axis < 0 ? axis + limit : axis;
    }

    /** This shape with dimension {@code index} (0 to rank - 1) set to {@code size}. */
    public Shape with(int index, int size) {
        int[] copy = dims.clone();
        copy[index] = size;
        return new Shape(copy);
    }

    /** This shape without dimension {@code index} (0 to rank - 1). */
    public Shape without(int index) {
        int[] copy = new int[dims.length - 1];
        System.arraycopy(dims, 0, copy, 0, index);
        System.arraycopy(dims, index + 1, copy, index, copy.length - index);
        return new Shape(copy);
    }

    /** Dimensions {@code from} (inclusive) to {@code to} (exclusive). */
    public Shape slice(int from, int to) {
        return new Shape(Arrays.copyOfRange(dims, from, to));
    }

    /** This shape followed by the dimensions of {@code other}. */
    public Shape concat(Shape other) {
        int[] all = Arrays.copyOf(dims, dims.length + other.dims.length);
        System.arraycopy(other.dims, 0, all, dims.length, other.dims.length);
        return new Shape(all);
    }

    /**
     * The shape that both operands are broadcast to: aligned at the last dimension, sizes equal or 1.
     *
     * @throws ShapeException when a pair of sizes differs and neither is 1
     */
    public static Shape broadcast(String operation, Shape a, Shape b) {
        if (a.equals(b)) {
            return a;
        }
        int rank = Math.max(a.rank(), b.rank());
        int[] out = new int[rank];
        for (int i = 1; i <= rank; i++) {
            int sizeA = i <= a.rank() ? a.dims[a.rank() - i] : 1;
            int sizeB = i <= b.rank() ? b.dims[b.rank() - i] : 1;
            if (sizeA != sizeB && sizeA != 1 && sizeB != 1) {
                throw new ShapeException(operation, "shapes cannot be broadcast; got " + a + " and " + b
                        + "; expected equal sizes or 1 at dimension " + -i);
            }
            out[rank - i] = sizeA == 1 ? sizeB : sizeA;
        }
        return new Shape(out);
    }

    @Override
    public boolean equals(Object other) {
        return this == other || other instanceof Shape shape && Arrays.equals(dims, shape.dims);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(dims);
    }

    /** Sizes as Python writes a tuple: {@code ()}, {@code (5,)}, {@code (2, 3)}. */
    @Override
    public String toString() {
        return text(dims);
    }

    private static String text(int[] dims) {
        StringBuilder text = new StringBuilder("(");
        for (int i = 0; i < dims.length; i++) {
            text.append(i == 0 ? "" : ", ").append(dims[i]);
        }
        return text.append(dims.length == 1 ? ",)" : ")").toString();
    }
}
