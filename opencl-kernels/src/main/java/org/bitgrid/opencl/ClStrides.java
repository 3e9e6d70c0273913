package org.bitgrid.opencl;

import java.util.Arrays;
import org.bitgrid.tensor.Layout;
import org.bitgrid.tensor.Shape;
import org.bitgrid.tensor.Tensor;

/**
 * How kernels walk through several layouts of one shape at once: dimensions from the innermost on, those that lie
 * together in all layouts joined into one, and dimensions of one element left out.
 *
 * @param rank    dimensions that are left
 * @param sizes   their sizes, then 1
 * @param strides for each layout its strides in elements, then 0
 */
record ClStrides(int rank, int[] sizes, int[][] strides) {
    /** Dimensions that the kernels can walk through; they are passed as vectors of as many ints. */
    static final int MOST = 8;

    /** Whether none of the tensors has more dimensions than that. */
    static boolean canWalk(Tensor[] tensors) {
        for (Tensor tensor : tensors) {
            if (tensor.layout().shape().rank() > MOST) {
                return false;
            }
        }
        return true;
    }

    /** Layouts that broadcast to {@code shape}, which has at most {@link #MOST} dimensions. */
    static ClStrides of(Shape shape, Layout... layouts) {
        int[] sizes = new int[MOST];
        Arrays.fill(sizes, 1);
        int[][] strides = new int[layouts.length][MOST];
        Layout[] wide = new Layout[layouts.length];
        for (int i = 0; i < wide.length; i++) {
            wide[i] = layouts[i].shape().equals(shape) ? layouts[i] : layouts[i].expand(shape);
        }
        int rank = 0;
        for (int d = shape.rank() - 1; d >= 0; d--) {
            int size = shape.dim(d);
            if (size == 1) {
                continue;
            }
            if (rank > 0 && joins(wide, d, sizes[rank - 1], strides, rank - 1)) {
                sizes[rank - 1] *= size;
                continue;
            }
            sizes[rank] = size;
            for (int i = 0; i < wide.length; i++) {
                strides[i][rank] = wide[i].stride(d);
            }
            rank++;
        }
        return new ClStrides(rank, sizes, strides);
    }

    private static boolean joins(Layout[] layouts, int d, int innerSize, int[][] strides, int inner) {
        for (int i = 0; i < layouts.length; i++) {
            if (layouts[i].stride(d) != strides[i][inner] * innerSize) {
                return false;
            }
        }
        return true;
    }

    /** Whether every layout is one run of neighbours, or one element for all. */
    boolean isFlat() {
        if (rank > 1) {
            return false;
        }
        for (int[] each : strides) {
            if (each[0] > 1 || each[0] < 0) {
                return false;
            }
        }
        return true;
    }

    /** 1 where a layout is a run of neighbours, 0 where it is one element. Only when {@link #isFlat}. */
    int step(int layout) {
        return strides[layout][0];
    }
}
