package org.bitgrid.nn.optim;

import java.util.List;

/** Schedules at the same time: each multiplies the base rate by what it would make of it alone. */
public final class ChainedScheduler extends Scheduler {
    private final List<Scheduler> schedulers;

    public ChainedScheduler(Optimizer optimizer, List<? extends Scheduler> schedulers) {
        super(optimizer);
        for (int i = 0; i < schedulers.size(); i++) {
            check(schedulers.get(i).optimizer() == optimizer, "schedule " + i + " is for another optimizer");
        }
        this.schedulers = List.copyOf(schedulers);
        apply();
    }

    @Override
    protected double rate(long step, double base) {
        double rate = base;
        for (Scheduler scheduler : schedulers) {
            rate *= base == 0 ? 1 : scheduler.rate(step, base) / base;
        }
        return rate;
    }
}
