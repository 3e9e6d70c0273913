package org.bitgrid.nn;

import org.bitgrid.tensor.Shape;
import org.bitgrid.tensor.ShapeException;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.Tensors;

/**
 * Normalises each channel of each sample by itself (Ulyanov, Vedaldi and Lempitsky, 2016), in training and evaluation
 * alike. Parameters {@code weight}, {@code bias} (C) when affine.
 *
 * @param <I> the layer itself, for fluent settings
 */
public abstract class InstanceNormBase<I extends InstanceNormBase<I>> extends Module {
    private final int features;
    private double epsilon = 1e-5;
    private boolean affine;

    InstanceNormBase(int features) {
        if (features < 1) {
            throw new ShapeException(typeName(), "number of features must be at least 1; got " + features);
        }
        this.features = features;
    }

    abstract I self();

    /** Number of dimensions of the input. */
    abstract int rank();

    /** Added to the variance; 1e-5 by default. Returns this. */
    public final I epsilon(double value) {
        checkNotBuilt("epsilon");
        epsilon = value;
        return self();
    }

    /** Whether to scale and shift by learnt numbers; false by default. Returns this. */
    public final I affine(boolean value) {
        checkNotBuilt("affine");
        affine = value;
        return self();
    }

    /** (C), or null. */
    public final Parameter weight() {
        return ownParameters().get("weight");
    }

    /** (C), or null. */
    public final Parameter bias() {
        return ownParameters().get("bias");
    }

    @Override
    protected final void build() {
        if (affine) {
            addParameter("weight", new Parameter(Tensors.ones(features)));
            addParameter("bias", new Parameter(Tensors.zeros(features)));
        }
    }

    @Override
    protected final Tensor forward(Tensor x) {
        Shape shape = x.spec().shape();
        if (shape.rank() != rank() || shape.dim(1) != features) {
            throw new ShapeException(typeName(), "input must have " + rank() + " dimensions and " + features
                    + " channels; got " + shape);
        }
        return F.instanceNorm(x, affine ? weight().tensor() : null, affine ? bias().tensor() : null, epsilon);
    }

    @Override
    protected final String extraRepr() {
        // PyTorch prints the settings of batch norm, which this layer has for running statistics it does not keep.
        return features + ", eps=" + PythonText.number(epsilon) + ", momentum=0.1, affine="
                + PythonText.bool(affine) + ", track_running_stats=False";
    }
}
