package org.bitgrid.cli;

/** What the {@code bitgrid} command tells the shell that started it. */
public enum ExitCode {
    /** Everything asked for was done. */
    DONE(0),
    /** The work ran, but a check of its result failed: a download's sum, an accuracy that had to stay the same. */
    CHECK_FAILED(1),
    /** The command line, a file or a folder named on it cannot be used. */
    WRONG_USE(2),
    /** A fault of Bitgrid itself, or of the machine: nothing the user asked for was wrong. */
    INTERNAL_ERROR(3);

    private final int code;

    ExitCode(int code) {
        this.code = code;
    }

    /** The process's exit status. */
    public int code() {
        return code;
    }
}
