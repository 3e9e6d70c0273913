package org.bitgrid.nn;

import org.bitgrid.nn.init.Init;
import org.bitgrid.tensor.Shape;
import org.bitgrid.tensor.ShapeException;
import org.bitgrid.tensor.Tensor;

/** x (…, inFeatures) -> (…, outFeatures): x · weightᵀ + bias. Parameters {@code weight}, {@code bias}. */
public final class Linear extends Module {
    private final int inFeatures;
    private final int outFeatures;
    private boolean withBias = true;

    public Linear(int inFeatures, int outFeatures) {
        if (inFeatures < 1 || outFeatures < 1) {
            throw new ShapeException("Linear", "numbers of features must be at least 1; got " + inFeatures + " and "
                    + outFeatures);
        }
        this.inFeatures = inFeatures;
        this.outFeatures = outFeatures;
    }

    /** Whether to add a bias; true by default. Returns this. */
    public Linear bias(boolean bias) {
        checkNotBuilt("bias");
        withBias = bias;
        return this;
    }

    public int inFeatures() {
        return inFeatures;
    }

    public int outFeatures() {
        return outFeatures;
    }

    /** (outFeatures, inFeatures). */
    public Parameter weight() {
        return ownParameters().get("weight");
    }

    /** (outFeatures), or null. */
    public Parameter bias() {
        return ownParameters().get("bias");
    }

    /** Gives the layer a bias, or another one. */
    public void setBias(Parameter parameter) {
        ownParameters();
        addParameter("bias", parameter);
    }

    @Override
    protected void build() {
        Shape shape = Shape.of(outFeatures, inFeatures);
        addParameter("weight", new Parameter(Init.layerWeight().make(shape.toArray())));
        if (withBias) {
            addParameter("bias", new Parameter(Init.layerBias(shape).make(outFeatures)));
        }
    }

    @Override
    protected Tensor forward(Tensor x) {
        Parameter bias = bias();
        return F.linear(x, weight().tensor(), bias == null ? null : bias.tensor());
    }

    @Override
    protected String extraRepr() {
        return "in_features=" + inFeatures + ", out_features=" + outFeatures + ", bias="
                + PythonText.bool(bias() != null);
    }
}
