package org.bitgrid.cli;

/** Something the user named cannot be used: a flag, a value, a file, a folder. Ends with {@link ExitCode#WRONG_USE}. */
public final class UsageException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** @param message one line: {@code operation: fault; got …; expected …; do …} */
    public UsageException(String message) {
        super(message);
    }

    /**
     * @param message one line: {@code operation: fault; got …; expected …; do …}
     * @param cause what was thrown when the fault was found
     */
    public UsageException(String message, Throwable cause) {
        super(message, cause);
    }
}
