package org.bitgrid.nn;

import java.nio.file.FileSystemNotFoundException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.bitgrid.nn.io.GoldenFiles;
import org.junit.jupiter.api.Assumptions;

/** Finds golden numbers and images; a test without them says so and is skipped. */
public final class GoldenData {
    private GoldenData() {
    }

    /** A folder of golden numbers. */
    public static Path folder(String name) {
        Path folder = null;
        try {
            folder = GoldenFiles.folder(name);
        } catch (FileSystemNotFoundException e) {
            System.out.println("golden data: the only copy of " + name + " is inside a jar; its cases are skipped");
        }
        Assumptions.assumeTrue(folder != null, "no golden data " + name);
        return folder;
    }

    /** The folder of images, {@code -Dbitgrid.data}. */
    public static Path images() {
        Path folder = Path.of(System.getProperty("bitgrid.data", ""));
        boolean there = Files.exists(folder.resolve("train-images-idx3-ubyte.gz"));
        if (!there) {
            System.out.println("images: -Dbitgrid.data names no folder with Fashion-MNIST; their cases are skipped");
        }
        Assumptions.assumeTrue(there, "no images");
        return folder;
    }
}
