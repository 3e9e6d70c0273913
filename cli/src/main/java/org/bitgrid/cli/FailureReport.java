package org.bitgrid.cli;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import org.bitgrid.nn.io.FileException;
import org.bitgrid.nn.io.FormatException;
import picocli.CommandLine.ParameterException;

/**
 * What the user is told when something is thrown, and how the process ends: the one place that knows.
 *
 * @param exitCode the process's exit status
 * @param message one line for stderr
 */
record FailureReport(ExitCode exitCode, String message) {

    /** The report for anything thrown while a command line is read or carried out. */
    static FailureReport of(Throwable thrown) {
        if (thrown instanceof ParameterException fault) {
            return new FailureReport(ExitCode.WRONG_USE, ParameterMessages.describe(fault));
        }
        if (thrown instanceof UsageException) {
            return new FailureReport(ExitCode.WRONG_USE, line(thrown));
        }
        if (thrown instanceof FormatException || thrown instanceof FileException) {
            return new FailureReport(ExitCode.WRONG_USE, line(thrown));
        }
        if (thrown instanceof CheckFailedException) {
            return new FailureReport(ExitCode.CHECK_FAILED, line(thrown));
        }
        if (thrown instanceof FileSystemException fault) {
            return fileSystem(fault);
        }
        if (thrown instanceof OutOfMemoryError) {
            return new FailureReport(ExitCode.INTERNAL_ERROR, "memory: the heap of "
                    + Runtime.getRuntime().maxMemory() / (1 << 20) + " MiB is used up (" + thrown.getMessage()
                    + "); do set BITGRID_JAVA_OPTS=-Xmx4g or a smaller --batch");
        }
        if (thrown instanceof IOException) {
            return new FailureReport(ExitCode.INTERNAL_ERROR, "input/output: " + line(thrown));
        }
        return new FailureReport(ExitCode.INTERNAL_ERROR, line(thrown) + " (" + thrown.getClass().getSimpleName()
                + "; an error inside Bitgrid: add --debug to see where)");
    }

    private static FailureReport fileSystem(FileSystemException fault) {
        String reason = fault instanceof NoSuchFileException ? "does not exist"
                : fault instanceof AccessDeniedException ? "access denied"
                : fault instanceof NotDirectoryException ? "is not a folder"
                : fault instanceof FileAlreadyExistsException ? "is in the way: a file of that name exists"
                : fault instanceof DirectoryNotEmptyException ? "is a folder that is not empty"
                : fault.getReason();
        return new FailureReport(ExitCode.WRONG_USE, "file: " + fault.getFile() + ": "
                + (reason == null ? "cannot be used" : reason) + "; do check the paths on the command line");
    }

    private static String line(Throwable thrown) {
        String message = thrown.getMessage();
        if (message == null || message.isBlank()) {
            return thrown.getClass().getSimpleName();
        }
        return message.strip().replaceAll("\\s*\\R\\s*", " | ");
    }
}
