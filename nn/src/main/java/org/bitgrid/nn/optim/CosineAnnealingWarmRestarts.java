package org.bitgrid.nn.optim;

/**
 * Lets the rate fall from the base rate to a smallest one on a cosine, again and again, each time {@code growth}
 * times as slowly (Loshchilov and Hutter, 2017).
 */
public final class CosineAnnealingWarmRestarts extends Scheduler {
    private final long firstPeriod;
    private final int growth;
    private final double smallest;

    public CosineAnnealingWarmRestarts(Optimizer optimizer, long firstPeriod, int growth, double smallest) {
        super(optimizer);
        check(firstPeriod >= 1, "first period must be at least 1; got " + firstPeriod);
        check(growth >= 1, "growth must be at least 1; got " + growth);
        this.firstPeriod = firstPeriod;
        this.growth = growth;
        this.smallest = smallest;
        apply();
    }

    @Override
    protected double rate(long step, double base) {
        long start = 0;
        long period = firstPeriod;
        if (growth == 1) {
            start = step / period * period;
        }
        while (step >= start + period) {
            start += period;
            period *= growth;
        }
        double angle = Math.PI * (step - start) / period;
        return smallest + (base - smallest) * (1 + StrictMath.cos(angle)) / 2;
    }
}
