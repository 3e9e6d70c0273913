package org.bitgrid.nn;

import org.bitgrid.tensor.Tensor;

/**
 * x where positive, else x times a slope, element by element: drawn anew from [lower, upper) in training, their mean in
 * evaluation (Xu et al., 2015). Draws from this thread's generator.
 */
public final class RReLU extends Module {
    private final double lower;
    private final double upper;

    /** With slopes from 1/8 to 1/3. */
    public RReLU() {
        this(1.0 / 8, 1.0 / 3);
    }

    public RReLU(double lower, double upper) {
        this.lower = lower;
        this.upper = upper;
    }

    /** Smallest slope. */
    public double lower() {
        return lower;
    }

    /** Largest slope. */
    public double upper() {
        return upper;
    }

    @Override
    protected Tensor forward(Tensor x) {
        return F.rrelu(x, lower, upper, isTraining());
    }

    @Override
    protected String extraRepr() {
        return "lower=" + PythonText.number(lower) + ", upper=" + PythonText.number(upper);
    }
}
