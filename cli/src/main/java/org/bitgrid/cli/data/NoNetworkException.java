package org.bitgrid.cli.data;

import java.io.IOException;

/** No connection to a server could be made: its name is unknown, or nobody answers. */
final class NoNetworkException extends IOException {
    private static final long serialVersionUID = 1L;

    NoNetworkException(String message, Throwable cause) {
        super(message, cause);
    }
}
