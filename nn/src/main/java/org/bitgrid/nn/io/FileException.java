package org.bitgrid.nn.io;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.bitgrid.tensor.BitgridException;

/** A file that the operating system would not open, read or write. */
public final class FileException extends BitgridException {
    private static final long serialVersionUID = 1L;

    public FileException(String message, IOException cause) {
        super(message, cause);
    }

    /** {@code operation: reason; got path}. */
    public static FileException of(String operation, Path path, IOException cause) {
        String reason;
        if (cause instanceof NoSuchFileException) {
            reason = "no such file or folder";
        } else if (cause instanceof AccessDeniedException) {
            reason = "access denied";
        } else {
            reason = cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
        }
        return new FileException(operation + ": " + reason + "; got " + path, cause);
    }
}
