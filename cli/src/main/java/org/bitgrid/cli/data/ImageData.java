package org.bitgrid.cli.data;

/**
 * The pictures to train on and those to test on.
 *
 * @param origin where they come from
 * @param train training set
 * @param test test set
 */
public record ImageData(Origin origin, LabelledImages train, LabelledImages test) {

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
