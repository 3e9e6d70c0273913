package org.bitgrid.opencl;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;

/** The user's own folder for what can be made again: {@code $XDG_CACHE_HOME/bitgrid}, else {@code ~/.cache/bitgrid}. */
final class ClCache {
    private ClCache() {
    }

    /** A folder in it, which may not exist yet. */
    static Path folder(String name) {
        String base = System.getenv("XDG_CACHE_HOME");
        Path cache = base == null || base.isBlank() ? Path.of(System.getProperty("user.home"), ".cache") : Path.of(base);
        return cache.resolve("bitgrid").resolve(name).toAbsolutePath();
    }

    /** Creates the folder, for its owner alone where the system knows owners. */
    static void createPrivate(Path folder) throws IOException {
        if (Files.isDirectory(folder)) {
            return;
        }
        Files.createDirectories(folder);
        if (folder.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
        }
    }

    /** Writes a file that other processes see whole or not at all. */
    static void write(Path target, byte[] content) throws IOException {
        Path temporary = Files.createTempFile(target.getParent(), target.getFileName().toString(), ".new");
        try {
            Files.write(temporary, content);
            Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(temporary);
        }
    }
}
