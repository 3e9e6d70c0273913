package org.bitgrid.tensor;

/** Conversions between storages and arrays of plain numbers. */
final class Elements {
    private Elements() {
    }

    static double asDouble(Storage storage, int index) {
        return switch (storage.dtype()) {
            case FLOAT32 -> storage.floats()[index];
            case FLOAT64 -> storage.doubles()[index];
            case INT64 -> storage.longs()[index];
            case INT32 -> storage.ints()[index];
            case INT8, BOOL -> storage.bytes()[index];
            case UINT8 -> storage.bytes()[index] & 0xff;
        };
    }

    static long asLong(Storage storage, int index) {
        return storage.dtype() == DType.INT64 ? storage.longs()[index] : (long) asDouble(storage, index);
    }

    static float[] toFloats(Storage storage, int offset, int count) {
        float[] out = new float[count];
        if (storage.dtype() == DType.FLOAT32) {
            System.arraycopy(storage.floats(), offset, out, 0, count);
            return out;
        }
        for (int i = 0; i < count; i++) {
            out[i] = (float) asDouble(storage, offset + i);
        }
        return out;
    }

    static double[] toDoubles(Storage storage, int offset, int count) {
        double[] out = new double[count];
        for (int i = 0; i < count; i++) {
            out[i] = asDouble(storage, offset + i);
        }
        return out;
    }

    static long[] toLongs(Storage storage, int offset, int count) {
        long[] out = new long[count];
        for (int i = 0; i < count; i++) {
            out[i] = asLong(storage, offset + i);
        }
        return out;
    }
}
