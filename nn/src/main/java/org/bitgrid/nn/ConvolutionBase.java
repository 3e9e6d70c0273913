package org.bitgrid.nn;

import java.util.Arrays;
import org.bitgrid.nn.init.Init;
import org.bitgrid.tensor.Shape;
import org.bitgrid.tensor.ShapeException;
import org.bitgrid.tensor.Tensor;

/**
 * A convolution, or the transpose of one, in any number of dimensions. Parameters {@code weight}, (K, C/groups, kernel)
 * or transposed (C, K/groups, kernel), and {@code bias} (K). Settings take one number, or one for each dimension.
 *
 * @param <L> the layer itself, for fluent settings
 */
public abstract class ConvolutionBase<L extends ConvolutionBase<L>> extends Module {
    private final int inChannels;
    private final int outChannels;
    private final boolean transposed;
    private final int[] kernel;
    private int[] stride;
    private int[] padding;
    private int[] outputPadding;
    private int[] dilation;
    private int groups = 1;
    private boolean withBias = true;

    ConvolutionBase(int dimensions, boolean transposed, int inChannels, int outChannels, int... kernel) {
        if (inChannels < 1 || outChannels < 1) {
            throw new ShapeException(typeName(), "numbers of channels must be at least 1; got " + inChannels + " and "
                    + outChannels);
        }
        this.inChannels = inChannels;
        this.outChannels = outChannels;
        this.transposed = transposed;
        this.kernel = new int[dimensions];
        this.stride = filled(dimensions, 1);
        this.padding = filled(dimensions, 0);
        this.outputPadding = filled(dimensions, 0);
        this.dilation = filled(dimensions, 1);
        System.arraycopy(sizes("kernel", 1, kernel), 0, this.kernel, 0, dimensions);
    }

    private static int[] filled(int dimensions, int value) {
        int[] all = new int[dimensions];
        Arrays.fill(all, value);
        return all;
    }

    private int[] sizes(String setting, int least, int... given) {
        int dimensions = kernel.length;
        if (given.length != 1 && given.length != dimensions) {
            throw new ShapeException(typeName(), setting + " takes one number, or one for each of " + dimensions
                    + " dimensions; got " + given.length);
        }
        if (Arrays.stream(given).anyMatch(size -> size < least)) {
            throw new ShapeException(typeName(), setting + " must be at least " + least + "; got "
                    + Arrays.toString(given));
        }
        return given.length == dimensions ? given.clone() : filled(dimensions, given[0]);
    }

    abstract L self();

    /** How far the window moves; 1 by default. Returns this. */
    public final L stride(int... values) {
        checkNotBuilt("stride");
        stride = sizes("stride", 1, values);
        return self();
    }

    /** Zeros put around the input, or when transposed what is cut off the output; 0 by default. Returns this. */
    public final L padding(int... values) {
        checkNotBuilt("padding");
        padding = sizes("padding", 0, values);
        return self();
    }

    /** How far kernel elements lie apart; 1 by default. Returns this. */
    public final L dilation(int... values) {
        checkNotBuilt("dilation");
        dilation = sizes("dilation", 1, values);
        return self();
    }

    /** Sets what transposed layers add to the far ends of their output. */
    final void setOutputPadding(int... values) {
        checkNotBuilt("outputPadding");
        outputPadding = sizes("outputPadding", 0, values);
    }

    /** Number of groups of channels that do not see each other; 1 by default. Returns this. */
    public final L groups(int count) {
        checkNotBuilt("groups");
        if (count < 1 || inChannels % count != 0 || outChannels % count != 0) {
            throw new ShapeException(typeName(), "groups must divide both numbers of channels; got " + count + " for "
                    + inChannels + " and " + outChannels);
        }
        groups = count;
        return self();
    }

    /** Whether to add a bias; true by default. Returns this. */
    public final L bias(boolean bias) {
        checkNotBuilt("bias");
        withBias = bias;
        return self();
    }

    public final int inChannels() {
        return inChannels;
    }

    public final int outChannels() {
        return outChannels;
    }

    public final int groups() {
        return groups;
    }

    /** Kernel sizes, one for each dimension. */
    public final int[] kernel() {
        return kernel.clone();
    }

    public final int[] stride() {
        return stride.clone();
    }

    public final int[] padding() {
        return padding.clone();
    }

    public final int[] dilation() {
        return dilation.clone();
    }

    final int[] outputPaddings() {
        return outputPadding.clone();
    }

    public final Parameter weight() {
        return ownParameters().get("weight");
    }

    /** (K), or null. */
    public final Parameter bias() {
        return ownParameters().get("bias");
    }

    /** Gives the layer a bias, or another one. */
    public final void setBias(Parameter parameter) {
        ownParameters();
        addParameter("bias", parameter);
    }

    final Tensor biasTensor() {
        Parameter bias = bias();
        return bias == null ? null : bias.tensor();
    }

    @Override
    protected final void build() {
        Shape channels = transposed ? Shape.of(inChannels, outChannels / groups)
                : Shape.of(outChannels, inChannels / groups);
        Shape shape = channels.concat(Shape.of(kernel));
        addParameter("weight", new Parameter(Init.layerWeight().make(shape.toArray())));
        if (withBias) {
            addParameter("bias", new Parameter(Init.layerBias(shape).make(outChannels)));
        }
    }

    private void add(StringBuilder text, String name, int[] values, int usual) {
        if (Arrays.stream(values).anyMatch(value -> value != usual)) {
            text.append(", ").append(name).append('=').append(PythonText.tuple(values));
        }
    }

    @Override
    protected final String extraRepr() {
        StringBuilder text = new StringBuilder().append(inChannels).append(", ").append(outChannels)
                .append(", kernel_size=").append(PythonText.tuple(kernel)).append(", stride=")
                .append(PythonText.tuple(stride));
        add(text, "padding", padding, 0);
        add(text, "dilation", dilation, 1);
        add(text, "output_padding", outputPadding, 0);
        if (groups != 1) {
            text.append(", groups=").append(groups);
        }
        return text.append(bias() == null ? ", bias=False" : "").toString();
    }
}
