package org.bitgrid.nn;

import org.bitgrid.tensor.DType;
import org.bitgrid.tensor.Shape;
import org.bitgrid.tensor.ShapeException;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.Tensors;

/**
 * Normalises each sample over its trailing dimensions (Ba, Kiros and Hinton, 2016). Parameters {@code weight},
 * {@code bias} of the normalized shape.
 */
public final class LayerNorm extends Module {
    private final Shape normalized;
    private double epsilon = 1e-5;
    private boolean elementwiseAffine = true;
    private boolean withBias = true;

    /** @param normalized sizes of the trailing dimensions */
    public LayerNorm(int... normalized) {
        if (normalized.length == 0) {
            throw new ShapeException("LayerNorm", "normalized shape must have at least one dimension; got ()");
        }
        this.normalized = Shape.of(normalized);
    }

    /** Added to the variance; 1e-5 by default. Returns this. */
    public LayerNorm epsilon(double value) {
        checkNotBuilt("epsilon");
        epsilon = value;
        return this;
    }

    /** Whether to scale and shift by learnt numbers; true by default. Returns this. */
    public LayerNorm elementwiseAffine(boolean value) {
        checkNotBuilt("elementwiseAffine");
        elementwiseAffine = value;
        return this;
    }

    /** Whether to shift by learnt numbers; true by default. Returns this. */
    public LayerNorm bias(boolean value) {
        checkNotBuilt("bias");
        withBias = value;
        return this;
    }

    public Shape normalizedShape() {
        return normalized;
    }

    public double epsilon() {
        return epsilon;
    }

    /** Of the normalized shape, or null. */
    public Parameter weight() {
        return ownParameters().get("weight");
    }

    /** Of the normalized shape, or null. */
    public Parameter bias() {
        return ownParameters().get("bias");
    }

    @Override
    protected void build() {
        if (elementwiseAffine) {
            addParameter("weight", new Parameter(Tensors.full(normalized, 1, DType.FLOAT32)));
            if (withBias) {
                addParameter("bias", new Parameter(Tensors.full(normalized, 0, DType.FLOAT32)));
            }
        }
    }

    @Override
    protected Tensor forward(Tensor x) {
        Parameter weight = weight();
        Parameter bias = bias();
        return F.layerNorm(x, normalized, weight == null ? null : weight.tensor(),
                bias == null ? null : bias.tensor(), epsilon);
    }

    @Override
    protected String extraRepr() {
        return PythonText.tuple(normalized.toArray()) + ", eps=" + PythonText.number(epsilon)
                + ", elementwise_affine=" + PythonText.bool(elementwiseAffine) + ", bias="
                + PythonText.bool(elementwiseAffine && withBias);
    }
}
