package org.bitgrid.nn.io;

import java.nio.file.Path;
import org.bitgrid.testing.Golden;

/** Finds golden files. */
public final class GoldenFiles {
    private GoldenFiles() {
    }

    /** The sub-folder {@code name}, or null when it is nowhere, which is said on standard output. */
    public static Path folder(String name) {
        return Golden.find(name);
    }
}
