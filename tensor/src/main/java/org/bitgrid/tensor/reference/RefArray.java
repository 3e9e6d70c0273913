package org.bitgrid.tensor.reference;

import org.bitgrid.tensor.Shape;
import org.bitgrid.tensor.Storage;
import org.bitgrid.tensor.Tensor;

/**
 * A tensor as the reference sees it: doubles in row-major order. Integers up to 2^53 are exact.
 *
 * @param shape  sizes
 * @param values elements, row-major
 */
record RefArray(Shape shape, double[] values) {
    /** Copies a contiguous or strided host tensor. */
    static RefArray read(Tensor tensor) {
        return new RefArray(tensor.layout().shape(), tensor.toDoubleArray());
    }

    static RefArray empty(Shape shape) {
        return new RefArray(shape, new double[(int) shape.numel()]);
    }

    /** Writes into a host tensor of any layout, rounding to its type: floats to nearest, integers towards zero. */
    void write(Tensor target) {
        Storage storage = target.storage();
        int offset = target.layout().offset();
        int[] places = target.isContiguous() ? null : ReferencePointwise.indices(target.layout());
        for (int i = 0; i < values.length; i++) {
            double value = values[i];
            int at = places == null ? offset + i : places[i];
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

    int dim(int index) {
        return shape.dim(index);
    }

    int rank() {
        return shape.rank();
    }
}
