package org.bitgrid.cli.quickstart;

import java.nio.file.Path;
import org.bitgrid.cli.BackendOption;

/**
 * What the user asked for.
 *
 * @param data      folder with the four IDX files, or null for the cache
 * @param out       folder for the exported files
 * @param epochs    passes over the training images
 * @param qatEpochs passes with simulated quantization
 * @param batch     images in a batch
 * @param seed      of initial weights, order of the images, and synthetic images
 * @param limit     most images of each set
 * @param json      file for the numbers, or null
 * @param backend   where it is computed
 */
record QuickstartSettings(Path data, Path out, int epochs, int qatEpochs, int batch, long seed, int limit, Path json,
        BackendOption backend) {
    static final String PREFIX = "fashion_mnist_model";
}
