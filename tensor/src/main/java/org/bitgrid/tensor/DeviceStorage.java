package org.bitgrid.tensor;

/** Elements that live on another device. Extended by the backend of that device. */
public abstract non-sealed class DeviceStorage extends Storage {
    protected DeviceStorage(DType dtype, int length) {
        super(dtype, length);
    }

    public abstract Device device();
}
