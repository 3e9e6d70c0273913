package org.bitgrid.nn;

import org.bitgrid.tensor.Tensor;

/** x where positive, else alpha · (exp(x) - 1), element by element (Clevert et al., 2016). */
public final class ELU extends Module {
    private final double alpha;

    /** With alpha 1. */
    public ELU() {
        this(1);
    }

    /** @param alpha how far down it goes */
    public ELU(double alpha) {
        this.alpha = alpha;
    }

    public double alpha() {
        return alpha;
    }

    @Override
    protected Tensor forward(Tensor x) {
        return F.elu(x, alpha);
    }

    @Override
    protected String extraRepr() {
        return "alpha=" + PythonText.number(alpha);
    }
}
