package org.bitgrid.opencl;

import org.bitgrid.tensor.BitgridException;

/** An OpenCL function failed. */
public class OpenClException extends BitgridException {
    private static final long serialVersionUID = 1L;

    private final int status;

    OpenClException(String call, int status) {
        this("opencl: " + call + " failed; got " + ClStatus.name(status) + " (" + status + ")", status, null);
    }

    OpenClException(String message, int status, Throwable cause) {
        super(message, cause);
        this.status = status;
    }

    /** The status code as OpenCL defines it, or 0 when none belongs to this failure. */
    public final int status() {
        return status;
    }
}
