package org.bitgrid.nn;

import org.bitgrid.tensor.ShapeException;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.Tensors;

/**
 * x where positive, else x times a slope that learns, one for all channels or one for each (He et al., 2015). Parameter
 * {@code weight}, 0.25 at first.
 */
public final class PReLU extends Module {
    private final int parameters;

    /** With one slope. */
    public PReLU() {
        this(1);
    }

    /** @param parameters number of slopes: 1, or the number of channels (dimension 1) */
    public PReLU(int parameters) {
        if (parameters < 1) {
            throw new ShapeException("PReLU", "number of slopes must be at least 1; got " + parameters);
        }
        this.parameters = parameters;
    }

    /** The slopes. */
    public Parameter weight() {
        return ownParameters().get("weight");
    }

    @Override
    protected void build() {
        addParameter("weight", new Parameter(Tensors.ones(parameters).mul(0.25).detach()));
    }

    @Override
    protected Tensor forward(Tensor x) {
        return F.prelu(x, weight().tensor());
    }

    @Override
    protected String extraRepr() {
        return "num_parameters=" + parameters;
    }
}
