package org.bitgrid.nn.optim;

import java.util.List;
import org.bitgrid.tensor.BitgridException;

/**
 * One rise to a largest rate and a long fall far below the start, while momentum falls and rises (Smith and Topin,
 * 2018). Call {@link #step} after each batch. With largest rate L, the schedule starts at L / divFactor and ends at
 * L / divFactor / finalDivFactor.
 */
public final class OneCycleLR extends Scheduler {
    private final double maxRate;
    private final long totalSteps;
    private double riseFraction = 0.3;
    private double divFactor = 25;
    private double finalDivFactor = 1e4;
    private boolean cosine = true;
    private boolean threePhase;
    private boolean cycleMomentum = true;
    private double baseMomentum = 0.85;
    private double maxMomentum = 0.95;
    private final List<Double> momentaBefore;

    public OneCycleLR(Optimizer optimizer, double maxRate, long totalSteps) {
        super(optimizer);
        check(totalSteps >= 1, "total steps must be at least 1; got " + totalSteps);
        this.maxRate = maxRate;
        this.totalSteps = totalSteps;
        momentaBefore = optimizer.groups().stream().map(group -> {
            String setting = momentum(group);
            return setting == null ? Double.NaN : group.get(setting);
        }).toList();
        apply();
    }

    /** Part of all steps in which the rate rises; 0.3 by default. Returns this. */
    public OneCycleLR riseFraction(double fraction) {
        check(fraction >= 0 && fraction <= 1, "rise fraction must lie in [0, 1]; got " + fraction);
        riseFraction = fraction;
        apply();
        return this;
    }

    /** Largest rate over first rate, and first rate over last; 25 and 10000 by default. Returns this. */
    public OneCycleLR divFactors(double first, double last) {
        divFactor = first;
        finalDivFactor = last;
        apply();
        return this;
    }

    /** Whether rates follow a straight line rather than a cosine. Returns this. */
    public OneCycleLR linear(boolean linear) {
        cosine = !linear;
        apply();
        return this;
    }

    /** Whether the fall goes to the first rate in as many steps as the rise, and only then below. Returns this. */
    public OneCycleLR threePhase(boolean three) {
        threePhase = three;
        apply();
        return this;
    }

    /** Whether momentum (or Adam's beta1), if there is any, moves against the rate; true by default. Returns this. */
    public OneCycleLR cycleMomentum(boolean cycle) {
        cycleMomentum = cycle;
        apply();
        if (!cycle) {
            for (int g = 0; g < momentaBefore.size(); g++) {
                setMomentum(optimizer().groups().get(g), momentaBefore.get(g));
            }
        }
        return this;
    }

    /** Smallest and largest momentum; 0.85 and 0.95 by default. Returns this. */
    public OneCycleLR momentumRange(double smallest, double largest) {
        baseMomentum = smallest;
        maxMomentum = largest;
        apply();
        return this;
    }

    @Override
    protected double rate(long step, double base) {
        double first = maxRate / divFactor;
        return at(step, first, maxRate, first / finalDivFactor, first);
    }

    @Override
    protected void apply() {
        super.apply();
        if (cycleMomentum) {
            for (ParameterGroup group : optimizer().groups()) {
                setMomentum(group, at(steps(), maxMomentum, baseMomentum, maxMomentum, maxMomentum));
            }
        }
    }

    private static void setMomentum(ParameterGroup group, double value) {
        String setting = momentum(group);
        if (setting != null) {
            group.set(setting, value);
        }
    }

    /** Name of the setting that is momentum, or null. */
    private static String momentum(ParameterGroup group) {
        return group.settings().containsKey("momentum") ? "momentum"
                : group.settings().containsKey("beta1") ? "beta1" : null;
    }

    /** Value at a step of a curve through start, peak, (the middle in three phases,) and end. */
    private double at(long step, double start, double peak, double end, double middle) {
        if (step >= totalSteps) {
            throw new BitgridException("OneCycleLR: went beyond its end; got step " + step + "; expected at most "
                    + (totalSteps - 1));
        }
        double riseEnd = riseFraction * totalSteps - 1;
        double last = totalSteps - 1.0;
        if (step <= riseEnd) {
            return between(start, peak, riseEnd == 0 ? 1 : step / riseEnd);
        }
        double fallEnd = threePhase ? 2 * riseFraction * totalSteps - 2 : last;
        if (step <= fallEnd) {
            return between(peak, threePhase ? middle : end, (step - riseEnd) / (fallEnd - riseEnd));
        }
        return between(middle, end, (step - fallEnd) / (last - fallEnd));
    }

    private double between(double from, double to, double done) {
        return cosine ? to + (from - to) / 2 * (1 + StrictMath.cos(Math.PI * done)) : from + (to - from) * done;
    }
}
