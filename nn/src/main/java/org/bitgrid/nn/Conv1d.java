package org.bitgrid.nn;

import org.bitgrid.nn.init.Init;
import org.bitgrid.tensor.Shape;
import org.bitgrid.tensor.ShapeException;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.op.Window2d;

/**
 * One-dimensional convolution, x (N, C, L) -> (N, K, Lo). Parameters {@code weight} (K, C/groups, R) and {@code bias}
 * (K).
 */
public final class Conv1d extends Module {
    private final int inChannels;
    private final int outChannels;
    private final int kernel;
    private int stride = 1;
    private int padding;
    private int dilation = 1;
    private int groups = 1;
    private boolean withBias = true;

    public Conv1d(int inChannels, int outChannels, int kernel) {
        if (inChannels < 1 || outChannels < 1) {
            throw new ShapeException("Conv1d", "numbers of channels must be at least 1; got " + inChannels + " and "
                    + outChannels);
        }
        this.inChannels = inChannels;
        this.outChannels = outChannels;
        this.kernel = kernel;
        check();
    }

    private void check() {
        new Window2d(1, kernel, 1, stride, 0, padding, 1, dilation);
    }

    /** How far the window moves; 1 by default. Returns this. */
    public Conv1d stride(int value) {
        checkNotBuilt("stride");
        stride = value;
        check();
        return this;
    }

    /** Zeros put at both ends; 0 by default. Returns this. */
    public Conv1d padding(int value) {
        checkNotBuilt("padding");
        padding = value;
        check();
        return this;
    }

    /** How far kernel elements lie apart; 1 by default. Returns this. */
    public Conv1d dilation(int value) {
        checkNotBuilt("dilation");
        dilation = value;
        check();
        return this;
    }

    /** Number of groups of channels that do not see each other; 1 by default. Returns this. */
    public Conv1d groups(int count) {
        checkNotBuilt("groups");
        if (count < 1 || inChannels % count != 0 || outChannels % count != 0) {
            throw new ShapeException("Conv1d", "groups must divide both numbers of channels; got " + count + " for "
                    + inChannels + " and " + outChannels);
        }
        groups = count;
        return this;
    }

    /** Whether to add a bias; true by default. Returns this. */
    public Conv1d bias(boolean bias) {
        checkNotBuilt("bias");
        withBias = bias;
        return this;
    }

    public int inChannels() {
        return inChannels;
    }

    public int outChannels() {
        return outChannels;
    }

    public int kernel() {
        return kernel;
    }

    public int stride() {
        return stride;
    }

    public int padding() {
        return padding;
    }

    public int dilation() {
        return dilation;
    }

    public int groups() {
        return groups;
    }

    /** (K, C/groups, R). */
    public Parameter weight() {
        return ownParameters().get("weight");
    }

    /** (K), or null. */
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
        Shape shape = Shape.of(outChannels, inChannels / groups, kernel);
        addParameter("weight", new Parameter(Init.layerWeight().make(shape.toArray())));
        if (withBias) {
            addParameter("bias", new Parameter(Init.layerBias(shape).make(outChannels)));
        }
    }

    @Override
    protected Tensor forward(Tensor x) {
        Parameter bias = bias();
        return F.conv1d(x, weight().tensor(), bias == null ? null : bias.tensor(), stride, padding, dilation, groups);
    }

    @Override
    protected String extraRepr() {
        StringBuilder text = new StringBuilder().append(inChannels).append(", ").append(outChannels)
                .append(", kernel_size=").append(PythonText.tuple(kernel)).append(", stride=")
                .append(PythonText.tuple(stride));
        if (padding != 0) {
            text.append(", padding=").append(PythonText.tuple(padding));
        }
        if (dilation != 1) {
            text.append(", dilation=").append(PythonText.tuple(dilation));
        }
        if (groups != 1) {
            text.append(", groups=").append(groups);
        }
        return text.append(bias() == null ? ", bias=False" : "").toString();
    }
}
