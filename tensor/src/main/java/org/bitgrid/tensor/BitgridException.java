package org.bitgrid.tensor;

/**
 * Base of every error that Bitgrid reports about what a caller gave it.
 *
 * <p>The message is one line in the form {@code operation: fault; got …; expected …; do …}.
 */
public class BitgridException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private String context = "";

    public BitgridException(String message) {
        super(message);
    }

    public BitgridException(String message, Throwable cause) {
        super(message, cause);
    }

    /** Adds where it happened, such as the layer that was running; appended to the message. */
    public final void addContext(String where) {
        context = context + " (" + where + ")";
    }

    @Override
    public final String getMessage() {
        return super.getMessage() + context;
    }
}
