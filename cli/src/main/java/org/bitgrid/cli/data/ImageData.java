package org.bitgrid.cli.data;

import org.bitgrid.nn.data.Dataset;

/**
 * The pictures to train on and those to test on: grey, 28x28 pixels, ten classes. Batches are FLOAT32 (n, 1, 28, 28) of
 * pixel / 255 and INT64 (n) labels.
 *
 * @param origin where they come from
 * @param train training set
 * @param test test set
 */
public record ImageData(Origin origin, Dataset train, Dataset test) {

    /** Height and width of a picture. */
    public static final int SIDE = 28;
    /** Number of classes. */
    public static final int CLASSES = 10;

    /** Where pictures come from. */
    public enum Origin {
        /** Read from the data set's four files. */
        FASHION_MNIST("fashion-mnist"),
        /** Drawn by {@link SyntheticImages}, for want of a network. */
        SYNTHETIC("synthetic");

        private final String label;

        Origin(String label) {
            this.label = label;
        }

        /** The name used in result files. */
        public String label() {
            return label;
        }
    }
}
