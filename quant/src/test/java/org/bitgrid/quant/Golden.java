package org.bitgrid.quant;

import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;

/** Finds golden numbers: under -Dbitgrid.golden, else among the test resources; a test without them is skipped. */
public final class Golden {
    private Golden() {
    }

    /** A file or folder of golden numbers. */
    public static Path path(String name) {
        String property = System.getProperty("bitgrid.golden", "");
        Path found = property.isEmpty() ? resource(name) : Path.of(property).resolve(name);
        boolean there = found != null && Files.exists(found);
        if (!there) {
            System.out.println("golden data: " + name + " is absent; its cases are skipped");
        }
        Assumptions.assumeTrue(there, "no golden data " + name);
        return found;
    }

    private static Path resource(String name) {
        URL resource = Golden.class.getResource("/golden/" + name);
        try {
            return resource == null ? null : Path.of(resource.toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
