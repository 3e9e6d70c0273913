package org.bitgrid.cli.quickstart;

import org.bitgrid.nn.io.PythonFloat;

/**
 * Right predictions in per cent.
 *
 * @param train on the training images, which the guide's test loader reads
 * @param test  on the test images, which the network never saw
 */
record Accuracy(float train, float test) {
    /** As PyTorch computes it from tensors: in single precision, divided first. */
    static float percent(long correct, long total) {
        return (float) correct / total * 100f;
    }

    /** As Python prints a tensor's value: widened to double precision first. */
    static String text(float percent) {
        return PythonFloat.repr((double) percent);
    }
}
