package org.bitgrid.nn.optim;

/** Multiplies the rate by gamma after every {@code stepSize} steps. */
public final class StepLR extends Scheduler {
    private final long stepSize;
    private final double gamma;

    /** With gamma 0.1. */
    public StepLR(Optimizer optimizer, long stepSize) {
        this(optimizer, stepSize, 0.1);
    }

    public StepLR(Optimizer optimizer, long stepSize, double gamma) {
        super(optimizer);
        check(stepSize >= 1, "step size must be at least 1; got " + stepSize);
        this.stepSize = stepSize;
        this.gamma = gamma;
        apply();
    }

    @Override
    protected double rate(long step, double base) {
        return base * StrictMath.pow(gamma, step / stepSize);
    }
}
