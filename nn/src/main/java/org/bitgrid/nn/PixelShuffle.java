package org.bitgrid.nn;

import org.bitgrid.tensor.ShapeException;
import org.bitgrid.tensor.Tensor;

/** (N, C·r², H, W) -> (N, C, H·r, W·r): channels become pixels (Shi et al., 2016). */
public final class PixelShuffle extends Module {
    private final int factor;

    /** @param factor r */
    public PixelShuffle(int factor) {
        if (factor < 1) {
            throw new ShapeException("PixelShuffle", "factor must be at least 1; got " + factor);
        }
        this.factor = factor;
    }

    @Override
    protected Tensor forward(Tensor x) {
        return F.pixelShuffle(x, factor);
    }

    @Override
    protected String extraRepr() {
        return "upscale_factor=" + factor;
    }
}
