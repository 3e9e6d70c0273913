package org.bitgrid.nn.optim;

/**
 * Lets the rate swing between the base rate and a smallest one on a cosine, half a period in {@code halfPeriod} steps
 * (Loshchilov and Hutter, 2017).
 */
public final class CosineAnnealingLR extends Scheduler {
    private final long halfPeriod;
    private final double smallest;

    /** With smallest rate 0. */
    public CosineAnnealingLR(Optimizer optimizer, long halfPeriod) {
        this(optimizer, halfPeriod, 0);
    }

    public CosineAnnealingLR(Optimizer optimizer, long halfPeriod, double smallest) {
        super(optimizer);
        check(halfPeriod >= 1, "half period must be at least 1; got " + halfPeriod);
        this.halfPeriod = halfPeriod;
        this.smallest = smallest;
        apply();
    }

    @Override
    protected double rate(long step, double base) {
        double angle = Math.PI * step / halfPeriod;
        return smallest + (base - smallest) * (1 + StrictMath.cos(angle)) / 2;
    }
}
