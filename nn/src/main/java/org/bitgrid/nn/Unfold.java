package org.bitgrid.nn;

import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.op.Window2d;

/** x (N, C, H, W) -> (N, C·R·S, Ho·Wo): what each window of a convolution sees, as a column. */
public final class Unfold extends Module {
    private final WindowSettings settings;

    /** @param kernel one size, or height and width */
    public Unfold(int... kernel) {
        settings = new WindowSettings("Unfold", kernel);
    }

    /** How far the window moves; 1 by default. Returns this. */
    public Unfold stride(int... heightAndWidth) {
        checkNotBuilt("stride");
        settings.stride(heightAndWidth);
        return this;
    }

    /** Zeros put around the input; 0 by default. Returns this. */
    public Unfold padding(int... heightAndWidth) {
        checkNotBuilt("padding");
        settings.padding(heightAndWidth);
        return this;
    }

    /** How far window elements lie apart; 1 by default. Returns this. */
    public Unfold dilation(int... heightAndWidth) {
        checkNotBuilt("dilation");
        settings.dilation(heightAndWidth);
        return this;
    }

    /** Kernel size, stride, padding and dilation. */
    public Window2d window() {
        return settings.window();
    }

    @Override
    protected Tensor forward(Tensor x) {
        return F.unfold(x, window());
    }

    @Override
    protected String extraRepr() {
        return settings.toString();
    }
}
