package org.bitgrid.nn;

/** In training, drops whole channels of x (N, C, H, W) with a probability and scales the others up. */
public final class Dropout2d extends ChannelDropoutBase {
    /** With probability 0.5. */
    public Dropout2d() {
        this(0.5);
    }

    public Dropout2d(double probability) {
        super(probability, 4);
    }
}
