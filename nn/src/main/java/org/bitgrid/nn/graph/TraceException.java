package org.bitgrid.nn.graph;

import org.bitgrid.tensor.BitgridException;

/** A module that cannot be traced; the message names the line of the module and what to do. */
public class TraceException extends BitgridException {
    private static final long serialVersionUID = 1L;

    public TraceException(String message) {
        super(message);
    }

    public TraceException(String message, Throwable cause) {
        super(message, cause);
    }
}
