package org.bitgrid.nn;

import org.bitgrid.tensor.Check;
import org.bitgrid.tensor.ShapeException;
import org.bitgrid.tensor.Tensor;

/** x (N, C, L) -> (N, C, output): means over windows chosen to give that size. */
public final class AdaptiveAvgPool1d extends Module {
    private final int output;

    public AdaptiveAvgPool1d(int output) {
        if (output < 1) {
            throw new ShapeException("AdaptiveAvgPool1d", "output size must be at least 1; got " + output);
        }
        this.output = output;
    }

    @Override
    protected Tensor forward(Tensor x) {
        Check.rank("AdaptiveAvgPool1d", "input", x.spec(), 3);
        return F.adaptiveAvgPool2d(x.unsqueeze(2), 1, output).squeeze(2);
    }

    @Override
    protected String extraRepr() {
        return "output_size=" + output;
    }
}
