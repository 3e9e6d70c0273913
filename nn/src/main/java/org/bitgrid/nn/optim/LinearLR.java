package org.bitgrid.nn.optim;

/** Moves the rate in a straight line from one part of the base rate to another within {@code totalSteps} steps. */
public final class LinearLR extends Scheduler {
    private final double startFactor;
    private final double endFactor;
    private final long totalSteps;

    /** From a third of the base rate to all of it within 5 steps. */
    public LinearLR(Optimizer optimizer) {
        this(optimizer, 1.0 / 3, 1, 5);
    }

    public LinearLR(Optimizer optimizer, double startFactor, double endFactor, long totalSteps) {
        super(optimizer);
        check(startFactor > 0 && startFactor <= 1, "start factor must lie in (0, 1]; got " + startFactor);
        check(endFactor >= 0 && endFactor <= 1, "end factor must lie in [0, 1]; got " + endFactor);
        check(totalSteps >= 1, "total steps must be at least 1; got " + totalSteps);
        this.startFactor = startFactor;
        this.endFactor = endFactor;
        this.totalSteps = totalSteps;
        apply();
    }

    @Override
    protected double rate(long step, double base) {
        double done = (double) Math.min(step, totalSteps) / totalSteps;
        return base * (startFactor + (endFactor - startFactor) * done);
    }
}
