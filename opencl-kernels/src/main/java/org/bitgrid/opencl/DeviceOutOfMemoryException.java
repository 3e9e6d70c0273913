package org.bitgrid.opencl;

/** A device has no room for another buffer, although everything that was given back has been freed. */
public final class DeviceOutOfMemoryException extends OpenClException {
    private static final long serialVersionUID = 1L;

    DeviceOutOfMemoryException(String message, int status) {
        super(message, status, null);
    }
}
