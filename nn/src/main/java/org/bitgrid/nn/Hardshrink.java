package org.bitgrid.nn;

import org.bitgrid.tensor.Tensor;

/** x where |x| is above lambda, else 0, element by element. */
public final class Hardshrink extends Module {
    private final double lambda;

    /** With lambda 0.5. */
    public Hardshrink() {
        this(0.5);
    }

    /** @param lambda smallest magnitude that stays; not negative */
    public Hardshrink(double lambda) {
        this.lambda = lambda;
    }

    public double lambda() {
        return lambda;
    }

    @Override
    protected Tensor forward(Tensor x) {
        return F.hardshrink(x, lambda);
    }

    @Override
    protected String extraRepr() {
        return PythonText.number(lambda);
    }
}
