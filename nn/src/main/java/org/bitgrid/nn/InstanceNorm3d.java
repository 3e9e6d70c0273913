package org.bitgrid.nn;

/** Instance normalisation of (N, C, D, H, W). */
public final class InstanceNorm3d extends InstanceNormBase<InstanceNorm3d> {
    public InstanceNorm3d(int features) {
        super(features);
    }

    @Override
    InstanceNorm3d self() {
        return this;
    }

    @Override
    int rank() {
        return 5;
    }
}
