package org.bitgrid.testing;

import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.FileSystemNotFoundException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;

/**
 * Finds golden numbers: in the folder that {@code -Dbitgrid.golden} names, else among the test resources. Numbers that
 * are nowhere are no failure: tests that need them say so and are skipped.
 */
public final class Golden {
    private Golden() {
    }

    /** The sub-folder {@code name}, or null when it is nowhere, which is said on standard output. */
    public static Path find(String name) {
        String property = System.getProperty("bitgrid.golden", "");
        if (!property.isEmpty()) {
            Path folder = Path.of(property).resolve(name);
            if (Files.isDirectory(folder)) {
                return folder;
            }
            System.out.println("golden data: " + folder + " is absent; its cases are skipped");
            return null;
        }
        URL resource = Golden.class.getResource("/golden/" + name);
        if (resource == null) {
            System.out.println("golden data: -Dbitgrid.golden is not set and there is no copy of " + name
                    + " among the test resources; its cases are skipped");
            return null;
        }
        try {
            return Path.of(resource.toURI());
        } catch (FileSystemNotFoundException insideJar) {
            System.out.println("golden data: the only copy of " + name + " is inside a jar; its cases are skipped");
            return null;
        } catch (URISyntaxException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** The sub-folder {@code name}; skips the test when it is nowhere. */
    public static Path folder(String name) {
        Path folder = find(name);
        Assumptions.assumeTrue(folder != null, "no golden data " + name);
        return folder;
    }
}
