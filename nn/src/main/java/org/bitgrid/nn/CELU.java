package org.bitgrid.nn;

import org.bitgrid.tensor.Tensor;

/** x where positive, else alpha · (exp(x / alpha) - 1), element by element (Barron, 2017). */
public final class CELU extends Module {
    private final double alpha;

    /** With alpha 1. */
    public CELU() {
        this(1);
    }

    /** @param alpha how far down it goes; not 0 */
    public CELU(double alpha) {
        this.alpha = alpha;
    }

    public double alpha() {
        return alpha;
    }

    @Override
    protected Tensor forward(Tensor x) {
        return F.celu(x, alpha);
    }

    @Override
    protected String extraRepr() {
        return "alpha=" + PythonText.number(alpha);
    }
}
