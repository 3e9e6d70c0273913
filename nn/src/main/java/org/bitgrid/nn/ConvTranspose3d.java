package org.bitgrid.nn;

import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.op.Window3d;

/**
 * Transposed convolution, x (N, C, D, H, W) -> (N, K, Do, Ho, Wo), sizes as in {@link ConvTranspose2d}. Parameters
 * {@code weight} (C, K/groups, Q, R, S) and {@code bias} (K).
 */
public final class ConvTranspose3d extends ConvolutionBase<ConvTranspose3d> {
    /** @param kernel one size, or depth, height and width */
    public ConvTranspose3d(int inChannels, int outChannels, int... kernel) {
        super(3, true, inChannels, outChannels, kernel);
    }

    @Override
    ConvTranspose3d self() {
        return this;
    }

    /** What is added to the far ends of the output, less than the stride. Returns this. */
    public ConvTranspose3d outputPadding(int... values) {
        setOutputPadding(values);
        return this;
    }

    /** Kernel size, stride, padding and dilation. */
    public Window3d window() {
        return Window3d.of(kernel(), stride(), padding(), dilation());
    }

    @Override
    protected Tensor forward(Tensor x) {
        return F.convTranspose3d(x, weight().tensor(), biasTensor(), window(), outputPaddings(), groups());
    }
}
