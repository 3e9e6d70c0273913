package org.bitgrid.nn;

import org.bitgrid.tensor.Check;
import org.bitgrid.tensor.ShapeException;
import org.bitgrid.tensor.Tensor;

/** x (N, C, L) -> (N, C, output): largest elements of windows chosen to give that size. */
public final class AdaptiveMaxPool1d extends Module {
    private final int output;

    public AdaptiveMaxPool1d(int output) {
        if (output < 1) {
            throw new ShapeException("AdaptiveMaxPool1d", "output size must be at least 1; got " + output);
        }
        this.output = output;
    }

    @Override
    protected Tensor forward(Tensor x) {
        Check.rank("AdaptiveMaxPool1d", "input", x.spec(), 3);
        return F.adaptiveMaxPool1d(x, output);
    }

    @Override
    protected String extraRepr() {
        return "output_size=" + output;
    }
}
