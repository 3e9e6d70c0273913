package org.bitgrid.nn;

import org.bitgrid.tensor.DType;
import org.bitgrid.tensor.Shape;
import org.bitgrid.tensor.ShapeException;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.Tensors;

/**
 * Divides each sample by its root mean square over the trailing dimensions (Zhang and Sennrich, 2019). Parameter
 * {@code weight} of the normalized shape.
 */
public final class RMSNorm extends Module {
    /** PyTorch's default: the distance from 1 to the next float32. */
    private static final double FLOAT32_EPSILON = 0x1p-23;

    private final Shape normalized;
    private Double epsilon;
    private boolean elementwiseAffine = true;

    /** @param normalized sizes of the trailing dimensions */
    public RMSNorm(int... normalized) {
        if (normalized.length == 0) {
            throw new ShapeException("RMSNorm", "normalized shape must have at least one dimension; got ()");
        }
        this.normalized = Shape.of(normalized);
    }

    /** Added to the mean square; 2^-23 by default. Returns this. */
    public RMSNorm epsilon(double value) {
        checkNotBuilt("epsilon");
        epsilon = value;
        return this;
    }

    /** Whether to scale by learnt numbers; true by default. Returns this. */
    public RMSNorm elementwiseAffine(boolean value) {
        checkNotBuilt("elementwiseAffine");
        elementwiseAffine = value;
        return this;
    }

    public Shape normalizedShape() {
        return normalized;
    }

    public double epsilon() {
        return epsilon == null ? FLOAT32_EPSILON : epsilon;
    }

    /** Of the normalized shape, or null. */
    public Parameter weight() {
        return ownParameters().get("weight");
    }

    @Override
    protected void build() {
        if (elementwiseAffine) {
            addParameter("weight", new Parameter(Tensors.full(normalized, 1, DType.FLOAT32)));
        }
    }

    @Override
    protected Tensor forward(Tensor x) {
        return F.rmsNorm(x, normalized, elementwiseAffine ? weight().tensor() : null, epsilon());
    }

    @Override
    protected String extraRepr() {
        return PythonText.tuple(normalized.toArray()) + ", eps="
                + (epsilon == null ? "None" : PythonText.number(epsilon)) + ", elementwise_affine="
                + PythonText.bool(elementwiseAffine);
    }
}
