package org.bitgrid.nn.optim;

/** Lets the rate fall to 0 within {@code totalSteps} steps as a power of what is left of them. */
public final class PolynomialLR extends Scheduler {
    private final long totalSteps;
    private final double power;

    public PolynomialLR(Optimizer optimizer, long totalSteps, double power) {
        super(optimizer);
        check(totalSteps >= 1, "total steps must be at least 1; got " + totalSteps);
        this.totalSteps = totalSteps;
        this.power = power;
        apply();
    }

    @Override
    protected double rate(long step, double base) {
        double left = 1 - (double) Math.min(step, totalSteps) / totalSteps;
        return base * StrictMath.pow(left, power);
    }
}
