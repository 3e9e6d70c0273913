package org.bitgrid.tensor.cpu;

import org.bitgrid.tensor.Shape;
import org.bitgrid.tensor.spi.Parallel;

/**
 * A contiguous tensor as outer · length · inner elements, of which kernels treat those along the middle together.
 *
 * @param outer  product of the dimensions before
 * @param length size of the dimension
 * @param inner  product of the dimensions after: how far neighbours along the dimension lie apart
 */
record Lines(int outer, int length, int inner) {
    /** Elements of one piece of work. */
    private static final int PIECE = 1 << 14;
    /** Columns that are treated side by side when lines do not lie together. */
    static final int COLUMNS = 256;

    static Lines along(String operation, Shape shape, int axis) {
        if (shape.rank() == 0) {
            return new Lines(1, 1, 1);
        }
        int index = shape.checkedAxis(operation, axis);
        return new Lines((int) shape.slice(0, index).numel(), shape.dim(index),
                (int) shape.slice(index + 1, shape.rank()).numel());
    }

    int count() {
        return outer * inner;
    }

    /** Start of a line. */
    int start(int line) {
        return line / inner * length * inner + line % inner;
    }

    /** Runs {@code body} over all lines, in pieces that the sizes fix. */
    void parallel(Parallel.Body body) {
        Parallel.range(count(), Math.max(1, PIECE / Math.max(1, length)), body);
    }

    /** Called for a block of neighbouring columns: the first element and how many. */
    interface Columns {
        void run(int start, int count);
    }

    /** Runs {@code body} over blocks of columns; for lines whose elements do not lie together. */
    void parallelColumns(Columns body) {
        int width = Math.min(inner, COLUMNS);
        int blocks = inner == 0 ? 0 : (inner + width - 1) / width;
        Parallel.range(outer * blocks, Math.max(1, PIECE / Math.max(1, length * width)), (begin, end) -> {
            for (int task = begin; task < end; task++) {
                int first = task % blocks * width;
                body.run(task / blocks * length * inner + first, Math.min(width, inner - first));
            }
        });
    }

    /** Copies a line into a row. */
    void gather(float[] x, int at, float[] row) {
        if (inner == 1) {
            System.arraycopy(x, at, row, 0, length);
            return;
        }
        for (int i = 0; i < length; i++) {
            row[i] = x[at + i * inner];
        }
    }
}
