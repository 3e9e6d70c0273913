package org.bitgrid.tensor;

/** Devices, backends or storages that cannot serve a request. */
public final class DeviceException extends BitgridException {
    private static final long serialVersionUID = 1L;

    public DeviceException(String message) {
        super(message);
    }
}
