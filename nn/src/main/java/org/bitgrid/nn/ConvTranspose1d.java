package org.bitgrid.nn;

import org.bitgrid.tensor.Tensor;

/**
 * Transposed convolution, x (N, C, L) -> (N, K, Lo), sizes as in {@link ConvTranspose2d}. Parameters {@code weight}
 * (C, K/groups, R) and {@code bias} (K).
 */
public final class ConvTranspose1d extends ConvolutionBase<ConvTranspose1d> {
    public ConvTranspose1d(int inChannels, int outChannels, int kernel) {
        super(1, true, inChannels, outChannels, kernel);
    }

    @Override
    ConvTranspose1d self() {
        return this;
    }

    /** What is added to the far end of the output, less than the stride. Returns this. */
    public ConvTranspose1d outputPadding(int value) {
        setOutputPadding(value);
        return this;
    }

    @Override
    protected Tensor forward(Tensor x) {
        return F.convTranspose1d(x, weight().tensor(), biasTensor(), stride()[0], padding()[0], outputPaddings()[0],
                dilation()[0], groups());
    }
}
