package org.bitgrid.tensor.cpu;

/**
 * A matrix in memory: element (i, j) at offset + i · rowStride + j · columnStride, strides in elements.
 */
record Matrix(float[] data, int offset, int rows, int columns, int rowStride, int columnStride) {
    static Matrix rowMajor(float[] data, int offset, int rows, int columns) {
        return new Matrix(data, offset, rows, columns, columns, 1);
    }

    Matrix transpose() {
        return new Matrix(data, offset, columns, rows, columnStride, rowStride);
    }

    Matrix at(int otherOffset) {
        return new Matrix(data, otherOffset, rows, columns, rowStride, columnStride);
    }
}
