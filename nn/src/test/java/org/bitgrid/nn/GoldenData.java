package org.bitgrid.nn;

import java.nio.file.Files;
import java.nio.file.Path;
import org.bitgrid.tensor.Device;
import org.bitgrid.tensor.Dispatch;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.Tensors;
import org.bitgrid.tensor.op.Conv2d;
import org.bitgrid.tensor.op.Window2d;
import org.bitgrid.tensor.reference.ReferenceBackend;
import org.bitgrid.testing.Golden;
import org.junit.jupiter.api.Assumptions;

/** Finds golden numbers and images; a test without them says so and is skipped. */
public final class GoldenData {
    private GoldenData() {
    }

    /** A folder of golden numbers. */
    public static Path folder(String name) {
        return Golden.folder(name);
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

    /** Skips where convolutions run on the reference, which would take an hour for a minute's work. */
    public static void assumeFastConvolution() {
        Tensor x = Tensors.ones(1, 1, 1, 1);
        boolean fast = Dispatch.backend(Device.CPU).kernel(new Conv2d(new Window2d(1, 1, 1, 1, 0, 0, 1, 1), 1),
                new Tensor[] {x, x}) != ReferenceBackend.definition(Conv2d.class);
        if (!fast) {
            System.out.println("skipped: convolutions run on the reference backend, which is too slow for training");
        }
        Assumptions.assumeTrue(fast, "convolutions run on the reference backend");
    }
}
