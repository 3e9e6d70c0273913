package org.bitgrid.nn.optim;

import java.util.LinkedHashMap;
import java.util.Map;
import org.bitgrid.tensor.BitgridException;

/**
 * Multiplies learning rates by a factor when a measure has not improved for a while. Call {@link #step} with the
 * measure after each validation.
 */
public final class ReduceLROnPlateau {
    private final Optimizer optimizer;
    private final boolean smallerIsBetter;
    private double factor = 0.1;
    private long patience = 10;
    private double threshold = 1e-4;
    private boolean relative = true;
    private long cooldown;
    private double smallest;
    private double best;
    private long badSteps;
    private long cooldownLeft;

    /** For measures of which smaller is better, such as a loss. */
    public ReduceLROnPlateau(Optimizer optimizer) {
        this(optimizer, true);
    }

    public ReduceLROnPlateau(Optimizer optimizer, boolean smallerIsBetter) {
        this.optimizer = optimizer;
        this.smallerIsBetter = smallerIsBetter;
        best = smallerIsBetter ? Double.POSITIVE_INFINITY : Double.NEGATIVE_INFINITY;
    }

    /** What rates are multiplied by, below 1; 0.1 by default. Returns this. */
    public ReduceLROnPlateau factor(double value) {
        if (!(value >= 0 && value < 1)) {
            throw new BitgridException("ReduceLROnPlateau: factor must be at least 0 and below 1; got " + value);
        }
        factor = value;
        return this;
    }

    /** How many steps without improvement are allowed; 10 by default. Returns this. */
    public ReduceLROnPlateau patience(long steps) {
        patience = steps;
        return this;
    }

    /** How much better counts as improvement, relative to the best or absolute; 1e-4, relative. Returns this. */
    public ReduceLROnPlateau threshold(double value, boolean isRelative) {
        threshold = value;
        relative = isRelative;
        return this;
    }

    /** How many steps after a reduction are not counted; 0 by default. Returns this. */
    public ReduceLROnPlateau cooldown(long steps) {
        cooldown = steps;
        return this;
    }

    /** No rate falls below this one; 0 by default. Returns this. */
    public ReduceLROnPlateau smallestRate(double rate) {
        smallest = rate;
        return this;
    }

    /** Takes note of a measure, and reduces the rates when there was no improvement for too long. */
    public void step(double measure) {
        if (improves(measure)) {
            best = measure;
            badSteps = 0;
        } else {
            badSteps++;
        }
        if (cooldownLeft > 0) {
            cooldownLeft--;
            badSteps = 0;
        }
        if (badSteps > patience) {
            for (ParameterGroup group : optimizer.groups()) {
                double rate = Math.max(group.learningRate() * factor, smallest);
                // Reductions too small to matter are left out, as PyTorch does.
                if (group.learningRate() - rate > 1e-8) {
                    group.learningRate(rate);
                }
            }
            cooldownLeft = cooldown;
            badSteps = 0;
        }
    }

    private boolean improves(double measure) {
        double margin = relative ? threshold * best : threshold;
        if (Double.isInfinite(best)) {
            return smallerIsBetter ? measure < best : measure > best;
        }
        return smallerIsBetter ? measure < best - margin : measure > best + margin;
    }

    /** What is needed to go on later. */
    public Map<String, Double> stateDict() {
        Map<String, Double> state = new LinkedHashMap<>();
        state.put("best", best);
        state.put("num_bad_epochs", (double) badSteps);
        state.put("cooldown_counter", (double) cooldownLeft);
        return state;
    }

    /** Goes on from a saved state. Learning rates themselves are in the optimizer's state. */
    public void loadStateDict(Map<String, Double> state) {
        if (!state.keySet().equals(stateDict().keySet())) {
            throw new BitgridException("ReduceLROnPlateau.loadStateDict: entries differ; got " + state.keySet()
                    + "; expected " + stateDict().keySet());
        }
        best = state.get("best");
        badSteps = state.get("num_bad_epochs").longValue();
        cooldownLeft = state.get("cooldown_counter").longValue();
    }
}
