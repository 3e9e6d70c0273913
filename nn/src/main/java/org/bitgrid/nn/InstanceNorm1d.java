package org.bitgrid.nn;

/** Instance normalisation of (N, C, L). */
public final class InstanceNorm1d extends InstanceNormBase<InstanceNorm1d> {
    public InstanceNorm1d(int features) {
        super(features);
    }

    @Override
    InstanceNorm1d self() {
        return this;
    }

    @Override
    int rank() {
        return 3;
    }
}
