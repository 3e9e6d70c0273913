package org.bitgrid.nn;

import java.util.List;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.op.Window2d;

/** Columns (N, C·R·S, Ho·Wo) -> (N, C, H, W): each element added where {@link Unfold} takes it from. */
public final class Fold extends Module {
    private final List<Integer> output;
    private final WindowSettings settings;

    /**
     * @param output height and width of the result
     * @param kernel one size, or height and width
     */
    public Fold(int[] output, int... kernel) {
        this.output = Sizes.oneOrTwo("Fold", "output", output);
        settings = new WindowSettings("Fold", kernel);
    }

    /** How far the window moves; 1 by default. Returns this. */
    public Fold stride(int... heightAndWidth) {
        checkNotBuilt("stride");
        settings.stride(heightAndWidth);
        return this;
    }

    /** Zeros that were put around the input; 0 by default. Returns this. */
    public Fold padding(int... heightAndWidth) {
        checkNotBuilt("padding");
        settings.padding(heightAndWidth);
        return this;
    }

    /** How far window elements lie apart; 1 by default. Returns this. */
    public Fold dilation(int... heightAndWidth) {
        checkNotBuilt("dilation");
        settings.dilation(heightAndWidth);
        return this;
    }

    /** Kernel size, stride, padding and dilation. */
    public Window2d window() {
        return settings.window();
    }

    @Override
    protected Tensor forward(Tensor columns) {
        return F.fold(columns, Sizes.first(output), Sizes.last(output), window());
    }

    @Override
    protected String extraRepr() {
        return "output_size=" + PythonText.sizes(output) + ", " + settings;
    }
}
