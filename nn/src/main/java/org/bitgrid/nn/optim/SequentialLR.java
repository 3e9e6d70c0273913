package org.bitgrid.nn.optim;

import java.util.List;

/**
 * Schedules one after the other, such as a warm-up before a decay: the next one begins, at its step 0, at each
 * milestone.
 */
public final class SequentialLR extends Scheduler {
    private final List<Scheduler> schedulers;
    private final List<Integer> milestones;

    public SequentialLR(Optimizer optimizer, List<? extends Scheduler> schedulers, List<Integer> milestones) {
        super(optimizer);
        check(milestones.size() == schedulers.size() - 1, "there must be one milestone between every two schedules; "
                + "got " + milestones.size() + " for " + schedulers.size() + " schedules");
        for (int i = 0; i < schedulers.size(); i++) {
            check(schedulers.get(i).optimizer() == optimizer, "schedule " + i + " is for another optimizer");
            check(i < 2 || milestones.get(i - 1) > milestones.get(i - 2), "milestones must increase; got "
                    + milestones);
        }
        this.schedulers = List.copyOf(schedulers);
        this.milestones = List.copyOf(milestones);
        apply();
    }

    @Override
    protected double rate(long step, double base) {
        int index = 0;
        while (index < milestones.size() && milestones.get(index) <= step) {
            index++;
        }
        return schedulers.get(index).rate(index == 0 ? step : step - milestones.get(index - 1), base);
    }
}
