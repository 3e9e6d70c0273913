package org.bitgrid.nn;

import org.bitgrid.tensor.Tensor;

/** x where positive, else negativeSlope · x, element by element. */
public final class LeakyReLU extends Module {
    private final double negativeSlope;

    /** With slope 0.01. */
    public LeakyReLU() {
        this(0.01);
    }

    /** @param negativeSlope factor of negative elements */
    public LeakyReLU(double negativeSlope) {
        this.negativeSlope = negativeSlope;
    }

    public double negativeSlope() {
        return negativeSlope;
    }

    @Override
    protected Tensor forward(Tensor x) {
        return F.leakyRelu(x, negativeSlope);
    }

    @Override
    protected String extraRepr() {
        return "negative_slope=" + PythonText.number(negativeSlope);
    }
}
