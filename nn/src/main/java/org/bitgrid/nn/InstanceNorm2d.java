package org.bitgrid.nn;

/** Instance normalisation of (N, C, H, W). */
public final class InstanceNorm2d extends InstanceNormBase<InstanceNorm2d> {
    public InstanceNorm2d(int features) {
        super(features);
    }

    @Override
    InstanceNorm2d self() {
        return this;
    }

    @Override
    int rank() {
        return 4;
    }
}
