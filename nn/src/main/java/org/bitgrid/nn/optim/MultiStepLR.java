package org.bitgrid.nn.optim;

import java.util.List;

/** Multiplies the rate by gamma at each milestone. */
public final class MultiStepLR extends Scheduler {
    private final List<Integer> milestones;
    private final double gamma;

    /** With gamma 0.1. */
    public MultiStepLR(Optimizer optimizer, List<Integer> milestones) {
        this(optimizer, milestones, 0.1);
    }

    public MultiStepLR(Optimizer optimizer, List<Integer> milestones, double gamma) {
        super(optimizer);
        this.milestones = List.copyOf(milestones);
        this.gamma = gamma;
        apply();
    }

    @Override
    protected double rate(long step, double base) {
        long passed = milestones.stream().filter(milestone -> milestone <= step).count();
        return base * StrictMath.pow(gamma, passed);
    }
}
