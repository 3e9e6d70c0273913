package org.bitgrid.cli;

/** The work ran, but its result is not what it had to be. Ends with {@link ExitCode#CHECK_FAILED}. */
public final class CheckFailedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** @param message one line: {@code operation: fault; got …; expected …; do …} */
    public CheckFailedException(String message) {
        super(message);
    }

    /**
     * @param message one line: {@code operation: fault; got …; expected …; do …}
     * @param cause what was thrown when the check failed
     */
    public CheckFailedException(String message, Throwable cause) {
        super(message, cause);
    }
}
