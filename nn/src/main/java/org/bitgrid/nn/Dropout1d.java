package org.bitgrid.nn;

/** In training, drops whole channels of x (N, C, L) with a probability and scales the others up. */
public final class Dropout1d extends ChannelDropoutBase {
    /** With probability 0.5. */
    public Dropout1d() {
        this(0.5);
    }

    public Dropout1d(double probability) {
        super(probability, 3);
    }
}
