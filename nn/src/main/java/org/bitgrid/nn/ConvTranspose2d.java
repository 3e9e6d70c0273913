package org.bitgrid.nn;

import java.util.List;
import org.bitgrid.nn.init.Init;
import org.bitgrid.tensor.Shape;
import org.bitgrid.tensor.ShapeException;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.op.Window2d;

/**
 * Transposed convolution, x (N, C, H, W) -> (N, K, Ho, Wo), with Ho = (H - 1)·stride - 2·padding + dilation·(R - 1) +
 * outputPadding + 1: what a convolution does to gradients. Parameters {@code weight} (C, K/groups, R, S) and
 * {@code bias} (K).
 */
public final class ConvTranspose2d extends Module {
    private final int inChannels;
    private final int outChannels;
    private final List<Integer> kernel;
    private List<Integer> stride = List.of(1);
    private List<Integer> padding = List.of(0);
    private List<Integer> outputPadding = List.of(0);
    private List<Integer> dilation = List.of(1);
    private int groups = 1;
    private boolean withBias = true;

    /** @param kernel one size, or height and width */
    public ConvTranspose2d(int inChannels, int outChannels, int... kernel) {
        if (inChannels < 1 || outChannels < 1) {
            throw new ShapeException("ConvTranspose2d", "numbers of channels must be at least 1; got " + inChannels
                    + " and " + outChannels);
        }
        this.inChannels = inChannels;
        this.outChannels = outChannels;
        this.kernel = Sizes.oneOrTwo("ConvTranspose2d", "kernel", kernel);
        window();
    }

    /** How far the window moves in the output; 1 by default. Returns this. */
    public ConvTranspose2d stride(int... heightAndWidth) {
        checkNotBuilt("stride");
        stride = Sizes.oneOrTwo("ConvTranspose2d", "stride", heightAndWidth);
        window();
        return this;
    }

    /** Rows and columns cut off the output's edges; 0 by default. Returns this. */
    public ConvTranspose2d padding(int... heightAndWidth) {
        checkNotBuilt("padding");
        padding = Sizes.oneOrTwo("ConvTranspose2d", "padding", heightAndWidth);
        window();
        return this;
    }

    /** Rows and columns added to the output below and to the right, fewer than the stride. Returns this. */
    public ConvTranspose2d outputPadding(int... heightAndWidth) {
        checkNotBuilt("outputPadding");
        outputPadding = Sizes.oneOrTwo("ConvTranspose2d", "outputPadding", heightAndWidth);
        return this;
    }

    /** How far kernel elements lie apart; 1 by default. Returns this. */
    public ConvTranspose2d dilation(int... heightAndWidth) {
        checkNotBuilt("dilation");
        dilation = Sizes.oneOrTwo("ConvTranspose2d", "dilation", heightAndWidth);
        window();
        return this;
    }

    /** Number of groups of channels that do not see each other; 1 by default. Returns this. */
    public ConvTranspose2d groups(int count) {
        checkNotBuilt("groups");
        if (count < 1 || inChannels % count != 0 || outChannels % count != 0) {
            throw new ShapeException("ConvTranspose2d", "groups must divide both numbers of channels; got " + count
                    + " for " + inChannels + " and " + outChannels);
        }
        groups = count;
        return this;
    }

    /** Whether to add a bias; true by default. Returns this. */
    public ConvTranspose2d bias(boolean bias) {
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
        return Sizes.window(kernel, stride, padding, dilation);
    }

    /** (C, K/groups, R, S). */
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
        Shape shape = Shape.of(inChannels, outChannels / groups, Sizes.first(kernel), Sizes.last(kernel));
        addParameter("weight", new Parameter(Init.layerWeight().make(shape.toArray())));
        if (withBias) {
            addParameter("bias", new Parameter(Init.layerBias(shape).make(outChannels)));
        }
    }

    @Override
    protected Tensor forward(Tensor x) {
        Parameter bias = bias();
        return F.convTranspose2d(x, weight().tensor(), bias == null ? null : bias.tensor(), window(),
                Sizes.first(outputPadding), Sizes.last(outputPadding), groups);
    }

    private static String pair(List<Integer> sizes) {
        return PythonText.tuple(Sizes.first(sizes), Sizes.last(sizes));
    }

    @Override
    protected String extraRepr() {
        StringBuilder text = new StringBuilder().append(inChannels).append(", ").append(outChannels)
                .append(", kernel_size=").append(pair(kernel)).append(", stride=").append(pair(stride));
        if (!pair(padding).equals("(0, 0)")) {
            text.append(", padding=").append(pair(padding));
        }
        if (!pair(dilation).equals("(1, 1)")) {
            text.append(", dilation=").append(pair(dilation));
        }
        if (!pair(outputPadding).equals("(0, 0)")) {
            text.append(", output_padding=").append(pair(outputPadding));
        }
        if (groups != 1) {
            text.append(", groups=").append(groups);
        }
        return text.append(bias() == null ? ", bias=False" : "").toString();
    }
}
