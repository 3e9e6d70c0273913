package org.bitgrid.nn;

import org.bitgrid.tensor.Tensor;

/**
 * Connectionist temporal classification (Graves et al., 2006). Call it with log probabilities (T, N, C), targets (N, S)
 * or all of them one after the other, input lengths (N) and target lengths (N). The mean divides each loss by the
 * length of its target, at least 1, and then averages.
 */
public final class CTCLoss extends Loss<CTCLoss> {
    private long blank;
    private boolean zeroInfinity;

    /** Class that stands for no label; 0 by default. Returns this. */
    public CTCLoss blank(long value) {
        checkNotBuilt("blank");
        blank = value;
        return this;
    }

    /** Whether a target that does not fit into its input costs 0 instead of infinity. Returns this. */
    public CTCLoss zeroInfinity(boolean value) {
        checkNotBuilt("zeroInfinity");
        zeroInfinity = value;
        return this;
    }

    @Override
    CTCLoss self() {
        return this;
    }

    @Override
    protected Tensor[] forwardAll(Tensor... inputs) {
        if (inputs.length != 4) {
            return super.forwardAll(inputs);
        }
        return new Tensor[] {F.ctcLoss(inputs[0], inputs[1], inputs[2], inputs[3], blank, reduction(), zeroInfinity)};
    }
}
