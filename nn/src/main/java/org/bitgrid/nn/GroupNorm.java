package org.bitgrid.nn;

import org.bitgrid.tensor.ShapeException;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.Tensors;

/**
 * Normalises the channels of each group of x (N, C, …) together, for each sample by itself (Wu and He, 2018).
 * Parameters {@code weight}, {@code bias} (C).
 */
public final class GroupNorm extends Module {
    private final int groups;
    private final int channels;
    private double epsilon = 1e-5;
    private boolean affine = true;

    public GroupNorm(int groups, int channels) {
        if (groups < 1 || channels < 1 || channels % groups != 0) {
            throw new ShapeException("GroupNorm", "groups must divide the channels; got " + groups + " groups and "
                    + channels + " channels");
        }
        this.groups = groups;
        this.channels = channels;
    }

    /** Added to the variance; 1e-5 by default. Returns this. */
    public GroupNorm epsilon(double value) {
        checkNotBuilt("epsilon");
        epsilon = value;
        return this;
    }

    /** Whether to scale and shift by learnt numbers; true by default. Returns this. */
    public GroupNorm affine(boolean value) {
        checkNotBuilt("affine");
        affine = value;
        return this;
    }

    public int groups() {
        return groups;
    }

    public int channels() {
        return channels;
    }

    public double epsilon() {
        return epsilon;
    }

    /** (C), or null. */
    public Parameter weight() {
        return ownParameters().get("weight");
    }

    /** (C), or null. */
    public Parameter bias() {
        return ownParameters().get("bias");
    }

    @Override
    protected void build() {
        if (affine) {
            addParameter("weight", new Parameter(Tensors.ones(channels)));
            addParameter("bias", new Parameter(Tensors.zeros(channels)));
        }
    }

    @Override
    protected Tensor forward(Tensor x) {
        return F.groupNorm(x, groups, affine ? weight().tensor() : null, affine ? bias().tensor() : null, epsilon);
    }

    @Override
    protected String extraRepr() {
        return groups + ", " + channels + ", eps=" + PythonText.number(epsilon) + ", affine="
                + PythonText.bool(affine);
    }
}
