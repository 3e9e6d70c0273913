package org.bitgrid.nn.optim;

/** Multiplies the rate by gamma at every step. */
public final class ExponentialLR extends Scheduler {
    private final double gamma;

    public ExponentialLR(Optimizer optimizer, double gamma) {
        super(optimizer);
        this.gamma = gamma;
        apply();
    }

    @Override
    protected double rate(long step, double base) {
        return base * StrictMath.pow(gamma, step);
    }
}
