package org.bitgrid.nn;

import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.op.Window3d;

/**
 * Three-dimensional convolution, x (N, C, D, H, W) -> (N, K, Do, Ho, Wo). Parameters {@code weight}
 * (K, C/groups, Q, R, S) and {@code bias} (K).
 */
public final class Conv3d extends ConvolutionBase<Conv3d> {
    /** @param kernel one size, or depth, height and width */
    public Conv3d(int inChannels, int outChannels, int... kernel) {
        super(3, false, inChannels, outChannels, kernel);
    }

    @Override
    Conv3d self() {
        return this;
    }

    /** Kernel size, stride, padding and dilation. */
    public Window3d window() {
        return Window3d.of(kernel(), stride(), padding(), dilation());
    }

    @Override
    protected Tensor forward(Tensor x) {
        return F.conv3d(x, weight().tensor(), biasTensor(), window(), groups());
    }
}
