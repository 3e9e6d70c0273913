package org.bitgrid.nn;

import org.bitgrid.tensor.Tensor;

/** x moved towards 0 by lambda, no farther than 0, element by element. */
public final class Softshrink extends Module {
    private final double lambda;

    /** With lambda 0.5. */
    public Softshrink() {
        this(0.5);
    }

    /** @param lambda how far; not negative */
    public Softshrink(double lambda) {
        this.lambda = lambda;
    }

    public double lambda() {
        return lambda;
    }

    @Override
    protected Tensor forward(Tensor x) {
        return F.softshrink(x, lambda);
    }

    @Override
    protected String extraRepr() {
        return PythonText.number(lambda);
    }
}
