package org.bitgrid.nn;

import org.bitgrid.tensor.ShapeException;
import org.bitgrid.tensor.Tensor;

/** x · Φ(x), Φ the normal distribution function, element by element (Hendrycks and Gimpel, 2016). */
public final class GELU extends Module {
    private String approximate = "none";

    /** {@code none} (the default), or {@code tanh} for the quicker approximation. Returns this. */
    public GELU approximate(String kind) {
        checkNotBuilt("approximate");
        if (!kind.equals("none") && !kind.equals("tanh")) {
            throw new ShapeException("GELU", "approximate must be none or tanh; got " + kind);
        }
        approximate = kind;
        return this;
    }

    public String approximate() {
        return approximate;
    }

    @Override
    protected Tensor forward(Tensor x) {
        return F.gelu(x, approximate);
    }

    @Override
    protected String extraRepr() {
        return "approximate='" + approximate + "'";
    }
}
