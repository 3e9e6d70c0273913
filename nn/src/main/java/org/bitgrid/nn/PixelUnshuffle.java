package org.bitgrid.nn;

import org.bitgrid.tensor.ShapeException;
import org.bitgrid.tensor.Tensor;

/** (N, C, H·r, W·r) -> (N, C·r², H, W): pixels become channels. */
public final class PixelUnshuffle extends Module {
    private final int factor;

    /** @param factor r */
    public PixelUnshuffle(int factor) {
        if (factor < 1) {
            throw new ShapeException("PixelUnshuffle", "factor must be at least 1; got " + factor);
        }
        this.factor = factor;
    }

    @Override
    protected Tensor forward(Tensor x) {
        return F.pixelUnshuffle(x, factor);
    }

    @Override
    protected String extraRepr() {
        return "downscale_factor=" + factor;
    }
}
