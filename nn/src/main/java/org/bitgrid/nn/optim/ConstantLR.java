package org.bitgrid.nn.optim;

/** Multiplies the rate by a factor for the first {@code totalSteps} steps. */
public final class ConstantLR extends Scheduler {
    private final double factor;
    private final long totalSteps;

    public ConstantLR(Optimizer optimizer, double factor, long totalSteps) {
        super(optimizer);
        this.factor = factor;
        this.totalSteps = totalSteps;
        apply();
    }

    @Override
    protected double rate(long step, double base) {
        return step < totalSteps ? base * factor : base;
    }
}
