package org.bitgrid.nn.io;

import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;

/** Finds golden data: in the folder that the system property bitgrid.golden names, else among the test resources. */
public final class GoldenFiles {
    private GoldenFiles() {
    }

    /** The sub-folder {@code name}, or null when it is nowhere, which is said on standard output. */
    public static Path folder(String name) {
        String property = System.getProperty("bitgrid.golden", "");
        if (!property.isEmpty()) {
            Path folder = Path.of(property).resolve(name);
            if (Files.isDirectory(folder)) {
                return folder;
            }
            System.out.println("golden data: " + folder + " is absent; its cases are skipped");
            return null;
        }
        URL resource = GoldenFiles.class.getResource("/golden/" + name);
        if (resource == null) {
            System.out.println("golden data: -Dbitgrid.golden is not set and there is no copy of " + name
                    + " among the test resources; its cases are skipped");
            return null;
        }
        try {
            return Path.of(resource.toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
