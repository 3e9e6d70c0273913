package org.bitgrid.nn;

import org.bitgrid.tensor.Tensor;

/** Kullback-Leibler divergence: target · (log target - x), x a log probability, both of one shape. */
public final class KLDivLoss extends Loss<KLDivLoss> {
    private boolean logTarget;
    private boolean batchMean;

    /** Whether the target is a log probability, too; false by default. Returns this. */
    public KLDivLoss logTarget(boolean value) {
        checkNotBuilt("logTarget");
        logTarget = value;
        return this;
    }

    /** Whether to divide the sum by the batch size, which is the divergence proper; false by default. Returns this. */
    public KLDivLoss batchMean(boolean value) {
        checkNotBuilt("batchMean");
        batchMean = value;
        return this;
    }

    @Override
    KLDivLoss self() {
        return this;
    }

    @Override
    protected Tensor forward(Tensor x, Tensor target) {
        return batchMean ? F.klDivBatchMean(x, target, logTarget) : F.klDiv(x, target, logTarget, reduction());
    }
}
