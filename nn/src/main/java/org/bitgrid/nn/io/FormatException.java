package org.bitgrid.nn.io;

import org.bitgrid.tensor.BitgridException;

/** Contents that break the rules of their format. The message names the source and the place in it. */
public class FormatException extends BitgridException {
    private static final long serialVersionUID = 1L;

    public FormatException(String message) {
        super(message);
    }

    public FormatException(String message, Throwable cause) {
        super(message, cause);
    }
}
