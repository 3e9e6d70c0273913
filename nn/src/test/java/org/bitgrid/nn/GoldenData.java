package org.bitgrid.nn;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;

/** Finds the golden numbers; a test without them says so and is skipped. */
public final class GoldenData {
    private GoldenData() {
    }

    /** A folder under {@code -Dbitgrid.golden}. */
    public static Path folder(String name) {
        return existing("bitgrid.golden", name);
    }

    /** The folder of images, {@code -Dbitgrid.data}. */
    public static Path images() {
        return existing("bitgrid.data", "");
    }

    private static Path existing(String property, String name) {
        String root = System.getProperty(property, "");
        Path folder = Path.of(root, name);
        boolean there = !root.isEmpty() && Files.isDirectory(folder);
        if (!there) {
            System.out.println("skipped: -D" + property + " names no folder" + (name.isEmpty() ? "" : " with " + name));
        }
        Assumptions.assumeTrue(there, "-D" + property + " names no folder");
        return folder;
    }
}
