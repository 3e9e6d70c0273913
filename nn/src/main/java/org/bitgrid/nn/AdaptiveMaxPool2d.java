package org.bitgrid.nn;

import java.util.List;
import org.bitgrid.tensor.ShapeException;
import org.bitgrid.tensor.Tensor;

/** x (N, C, H, W) -> (N, C, outputH, outputW): means over windows chosen to give that size. */
public final class AdaptiveMaxPool2d extends Module {
    private final List<Integer> output;

    /** With a square output; 1 averages each channel. */
    public AdaptiveMaxPool2d(int output) {
        this(List.of(output));
    }

    public AdaptiveMaxPool2d(int outputH, int outputW) {
        this(List.of(outputH, outputW));
    }

    private AdaptiveMaxPool2d(List<Integer> output) {
        this.output = output;
        if (outputH() < 1 || outputW() < 1) {
            throw new ShapeException("AdaptiveMaxPool2d", "output size must be at least 1; got " + output);
        }
    }

    public int outputH() {
        return Sizes.first(output);
    }

    public int outputW() {
        return Sizes.last(output);
    }

    @Override
    protected Tensor forward(Tensor x) {
        return F.adaptiveMaxPool2d(x, outputH(), outputW());
    }

    @Override
    protected String extraRepr() {
        return "output_size=" + PythonText.sizes(output);
    }
}
