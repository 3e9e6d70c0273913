package org.bitgrid.quant.encoding;

import org.bitgrid.tensor.Tensor;

/** Numbers that may still be on a device: read when they are first asked for. */
final class ReadOnce {
    private final int length;
    private float[] values;
    private Tensor tensor;

    private ReadOnce(int length, float[] values, Tensor tensor) {
        this.length = length;
        this.values = values;
        this.tensor = tensor;
    }

    static ReadOnce of(float[] values) {
        return new ReadOnce(values.length, values.clone(), null);
    }

    /** A tensor in main memory is read at once. */
    static ReadOnce of(Tensor tensor) {
        return tensor.device().isCpu() ? new ReadOnce((int) tensor.numel(), tensor.toFloatArray(), null)
                : new ReadOnce((int) tensor.numel(), null, tensor.detach());
    }

    int length() {
        return length;
    }

    /** The numbers themselves, not a copy. */
    synchronized float[] values() {
        if (values == null) {
            values = tensor.toFloatArray();
            tensor = null;
        }
        return values;
    }

    @Override
    public String toString() {
        return length == 1 ? String.valueOf(values()[0]) : length + " values";
    }
}
