package org.bitgrid.nn;

import org.bitgrid.nn.init.Init;
import org.bitgrid.tensor.Shape;
import org.bitgrid.tensor.ShapeException;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.op.Window2d;

/**
 * Two-dimensional convolution, x (N, C, H, W) -> (N, K, Ho, Wo), with Ho and Wo as in {@link Window2d}. Parameters
 * {@code weight} (K, C/groups, R, S) and {@code bias} (K).
 */
public final class Conv2d extends Module {
    private final int inChannels;
    private final int outChannels;
    private final int kernelH;
    private final int kernelW;
    private int strideH = 1;
    private int strideW = 1;
    private int padH;
    private int padW;
    private int dilationH = 1;
    private int dilationW = 1;
    private int groups = 1;
    private boolean withBias = true;

    /** With a square kernel. */
    public Conv2d(int inChannels, int outChannels, int kernel) {
        this(inChannels, outChannels, kernel, kernel);
    }

    public Conv2d(int inChannels, int outChannels, int kernelH, int kernelW) {
        if (inChannels < 1 || outChannels < 1) {
            throw new ShapeException("Conv2d", "numbers of channels must be at least 1; got " + inChannels + " and "
                    + outChannels);
        }
        this.inChannels = inChannels;
        this.outChannels = outChannels;
        this.kernelH = kernelH;
        this.kernelW = kernelW;
        window();
    }

    /** How far the window moves; 1 by default. Returns this. */
    public Conv2d stride(int stride) {
        return stride(stride, stride);
    }

    /** How far the window moves down and to the right. Returns this. */
    public Conv2d stride(int height, int width) {
        checkNotBuilt("stride");
        strideH = height;
        strideW = width;
        window();
        return this;
    }

    /** Zeros put around the input; 0 by default. Returns this. */
    public Conv2d padding(int padding) {
        return padding(padding, padding);
    }

    /** Zeros put above and below, left and right of the input. Returns this. */
    public Conv2d padding(int height, int width) {
        checkNotBuilt("padding");
        padH = height;
        padW = width;
        window();
        return this;
    }

    /** How far kernel elements lie apart; 1 by default. Returns this. */
    public Conv2d dilation(int dilation) {
        return dilation(dilation, dilation);
    }

    /** How far kernel elements lie apart in height and width. Returns this. */
    public Conv2d dilation(int height, int width) {
        checkNotBuilt("dilation");
        dilationH = height;
        dilationW = width;
        window();
        return this;
    }

    /** Number of groups of channels that do not see each other; 1 by default. Returns this. */
    public Conv2d groups(int count) {
        checkNotBuilt("groups");
        if (count < 1 || inChannels % count != 0 || outChannels % count != 0) {
            throw new ShapeException("Conv2d", "groups must divide both numbers of channels; got " + count + " for "
                    + inChannels + " and " + outChannels);
        }
        groups = count;
        return this;
    }

    /** Whether to add a bias; true by default. Returns this. */
    public Conv2d bias(boolean bias) {
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

    public int groups() {
        return groups;
    }

    /** Kernel size, stride, padding and dilation. */
    public Window2d window() {
        return new Window2d(kernelH, kernelW, strideH, strideW, padH, padW, dilationH, dilationW);
    }

    /** (K, C/groups, R, S). */
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
        Shape shape = Shape.of(outChannels, inChannels / groups, kernelH, kernelW);
        addParameter("weight", new Parameter(Init.layerWeight().make(shape.toArray())));
        if (withBias) {
            addParameter("bias", new Parameter(Init.layerBias(shape).make(outChannels)));
        }
    }

    @Override
    protected Tensor forward(Tensor x) {
        Parameter bias = bias();
        return F.conv2d(x, weight().tensor(), bias == null ? null : bias.tensor(), window(), groups);
    }

    @Override
    protected String extraRepr() {
        StringBuilder text = new StringBuilder().append(inChannels).append(", ").append(outChannels)
                .append(", kernel_size=").append(PythonText.tuple(kernelH, kernelW))
                .append(", stride=").append(PythonText.tuple(strideH, strideW));
        if (padH != 0 || padW != 0) {
            text.append(", padding=").append(PythonText.tuple(padH, padW));
        }
        if (dilationH != 1 || dilationW != 1) {
            text.append(", dilation=").append(PythonText.tuple(dilationH, dilationW));
        }
        if (groups != 1) {
            text.append(", groups=").append(groups);
        }
        return text.append(bias() == null ? ", bias=False" : "").toString();
    }
}
