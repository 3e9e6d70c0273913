package org.bitgrid.nn;

import org.bitgrid.tensor.Tensor;

/** First half along a dimension times sigmoid of the second (Dauphin et al., 2017). */
public final class GLU extends Module {
    private final int dim;

    /** Along the last dimension. */
    public GLU() {
        this(-1);
    }

    /** @param dim the dimension, of even size; a negative one counts from the end */
    public GLU(int dim) {
        this.dim = dim;
    }

    /** The dimension that is halved. */
    public int dim() {
        return dim;
    }

    @Override
    protected Tensor forward(Tensor x) {
        return F.glu(x, dim);
    }

    @Override
    protected String extraRepr() {
        return "dim=" + dim;
    }
}
