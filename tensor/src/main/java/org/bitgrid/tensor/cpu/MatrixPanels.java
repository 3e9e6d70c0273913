package org.bitgrid.tensor.cpu;

/** A matrix (K, rows of A or columns of B) in memory as an operand. */
record MatrixPanels(Matrix matrix) implements PanelSource {
    @Override
    public void pack(int firstK, int depth, int first, int count, int width, float[] to, int at) {
        int from = matrix.offset() + firstK * matrix.rowStride() + first * matrix.columnStride();
        if (matrix.columnStride() == 1) {
            packRuns(from, depth, count, width, to, at);
        } else {
            packAcross(from, depth, count, width, to, at);
        }
    }

    /** What lies together in the matrix lies together in the panel. */
    private void packRuns(int from, int depth, int count, int width, float[] to, int at) {
        float[] data = matrix.data();
        int stride = matrix.rowStride();
        if (count == 8 && width == 8) {
            packEights(data, from, stride, depth, to, at);
            return;
        }
        for (int k = 0; k < depth; k++) {
            int target = at + k * width;
            System.arraycopy(data, from + k * stride, to, target, count);
            for (int j = count; j < width; j++) {
                to[target + j] = 0;
            }
        }
    }

    /** The usual height of tiles: too short a run for a call of arraycopy. */
    private static void packEights(float[] data, int from, int stride, int depth, float[] to, int at) {
        for (int k = 0; k < depth; k++) {
            int source = from + k * stride;
            int target = at + 8 * k;
            to[target] = data[source];
            to[target + 1] = data[source + 1];
            to[target + 2] = data[source + 2];
            to[target + 3] = data[source + 3];
            to[target + 4] = data[source + 4];
            to[target + 5] = data[source + 5];
            to[target + 6] = data[source + 6];
            to[target + 7] = data[source + 7];
        }
    }

    /** Transposes, four columns at a time. */
    private void packAcross(int from, int depth, int count, int width, float[] to, int at) {
        float[] data = matrix.data();
        int step = matrix.columnStride();
        int stride = matrix.rowStride();
        int j = 0;
        for (; j < count - 3; j += 4) {
            int first = from + j * step;
            packFour(data, first, first + step, first + 2 * step, first + 3 * step, stride, depth, to, at + j, width);
        }
        for (; j < count; j++) {
            int source = from + j * step;
            for (int k = 0; k < depth; k++) {
                to[at + j + k * width] = data[source + k * stride];
            }
        }
        for (; j < width; j++) {
            for (int k = 0; k < depth; k++) {
                to[at + j + k * width] = 0;
            }
        }
    }

    private static void packFour(float[] data, int first, int second, int third, int fourth, int stride, int depth,
                                 float[] to, int at, int width) {
        for (int k = 0; k < depth; k++) {
            int source = k * stride;
            int target = at + k * width;
            to[target] = data[first + source];
            to[target + 1] = data[second + source];
            to[target + 2] = data[third + source];
            to[target + 3] = data[fourth + source];
        }
    }
}
