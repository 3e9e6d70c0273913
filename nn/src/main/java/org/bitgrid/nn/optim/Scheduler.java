package org.bitgrid.nn.optim;

import java.util.LinkedHashMap;
import java.util.Map;
import org.bitgrid.tensor.BitgridException;

/**
 * Changes an optimizer's learning rates as training goes on. The rate of a group is a function of the number of steps
 * and of its base rate, the one it had when its first scheduler was made; so a schedule can be resumed anywhere and
 * combined with others ({@link SequentialLR}, {@link ChainedScheduler}).
 */
public abstract class Scheduler {
    private final Optimizer optimizer;
    private long steps;

    protected Scheduler(Optimizer optimizer) {
        this.optimizer = optimizer;
        optimizer.groups().forEach(ParameterGroup::baseRate);
    }

    /** The learning rate after {@code step} steps of a group whose base rate is {@code base}. */
    protected abstract double rate(long step, double base);

    /** Sets the rates of the current step. Settings call it, so that step 0 obeys them too. */
    protected void apply() {
        for (ParameterGroup group : optimizer.groups()) {
            group.learningRate(rate(steps, group.baseRate()));
        }
    }

    /** Goes on by one step: call it after the optimizer's, once for each epoch or batch as the schedule was meant. */
    public void step() {
        steps++;
        apply();
    }

    /** Number of steps so far. */
    public final long steps() {
        return steps;
    }

    public final Optimizer optimizer() {
        return optimizer;
    }

    /** Name of the class, which starts error messages. */
    protected final String name() {
        return getClass().getSimpleName();
    }

    /** What is needed to go on later: the number of steps and the base rates. */
    public Map<String, Double> stateDict() {
        Map<String, Double> state = new LinkedHashMap<>();
        state.put("last_epoch", (double) steps);
        for (int g = 0; g < optimizer.groups().size(); g++) {
            state.put("base_lr." + g, optimizer.groups().get(g).baseRate());
        }
        return state;
    }

    /** Goes on from a saved state. Learning rates themselves are in the optimizer's state. */
    public void loadStateDict(Map<String, Double> state) {
        Map<String, Double> expected = stateDict();
        if (!expected.keySet().equals(state.keySet())) {
            throw new BitgridException(name() + ".loadStateDict: entries differ; got " + state.keySet()
                    + "; expected " + expected.keySet());
        }
        steps = state.get("last_epoch").longValue();
        for (int g = 0; g < optimizer.groups().size(); g++) {
            optimizer.groups().get(g).baseRate(state.get("base_lr." + g));
        }
    }

    final void check(boolean holds, String fault) {
        if (!holds) {
            throw new BitgridException(name() + ": " + fault);
        }
    }
}
