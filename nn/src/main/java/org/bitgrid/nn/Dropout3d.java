package org.bitgrid.nn;

/** In training, drops whole channels of x (N, C, D, H, W) with a probability and scales the others up. */
public final class Dropout3d extends ChannelDropoutBase {
    /** With probability 0.5. */
    public Dropout3d() {
        this(0.5);
    }

    public Dropout3d(double probability) {
        super(probability, 5);
    }
}
