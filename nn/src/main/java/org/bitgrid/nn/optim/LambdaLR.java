package org.bitgrid.nn.optim;

import java.util.function.LongToDoubleFunction;

/** Multiplies the base rate by a function of the step. */
public final class LambdaLR extends Scheduler {
    private final LongToDoubleFunction factor;

    public LambdaLR(Optimizer optimizer, LongToDoubleFunction factor) {
        super(optimizer);
        this.factor = factor;
        apply();
    }

    @Override
    protected double rate(long step, double base) {
        return base * factor.applyAsDouble(step);
    }
}
