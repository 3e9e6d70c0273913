package org.bitgrid.nn;

import java.util.List;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.op.Window2d;

/** x (N, C, H, W) -> largest element of each window (N, C, Ho, Wo). The stride is the kernel's size unless set. */
public final class MaxPool2d extends Module {
    private final List<Integer> kernel;
    private List<Integer> stride;
    private List<Integer> padding = List.of(0);
    private List<Integer> dilation = List.of(1);
    private boolean ceilMode;

    public MaxPool2d(int kernel) {
        this.kernel = List.of(kernel);
        this.stride = this.kernel;
        window();
    }

    public MaxPool2d(int kernelH, int kernelW) {
        this.kernel = List.of(kernelH, kernelW);
        this.stride = this.kernel;
        window();
    }

    /** How far the window moves. Returns this. */
    public MaxPool2d stride(int... heightAndWidth) {
        checkNotBuilt("stride");
        stride = Sizes.oneOrTwo("MaxPool2d", "stride", heightAndWidth);
        window();
        return this;
    }

    /** Rows and columns put around the input, which never win; at most half of the kernel. Returns this. */
    public MaxPool2d padding(int... heightAndWidth) {
        checkNotBuilt("padding");
        padding = Sizes.oneOrTwo("MaxPool2d", "padding", heightAndWidth);
        window();
        return this;
    }

    /** How far window elements lie apart. Returns this. */
    public MaxPool2d dilation(int... heightAndWidth) {
        checkNotBuilt("dilation");
        dilation = Sizes.oneOrTwo("MaxPool2d", "dilation", heightAndWidth);
        window();
        return this;
    }

    /** Whether a last window that overhangs the input counts. Returns this. */
    public MaxPool2d ceilMode(boolean ceil) {
        checkNotBuilt("ceilMode");
        ceilMode = ceil;
        return this;
    }

    /** Kernel size, stride, padding and dilation. */
    public Window2d window() {
        return Sizes.window(kernel, stride, padding, dilation);
    }

    public boolean ceilMode() {
        return ceilMode;
    }

    @Override
    protected Tensor forward(Tensor x) {
        return F.maxPool2d(x, window(), ceilMode);
    }

    @Override
    protected String extraRepr() {
        return "kernel_size=" + PythonText.sizes(kernel) + ", stride=" + PythonText.sizes(stride) + ", padding="
                + PythonText.sizes(padding) + ", dilation=" + PythonText.sizes(dilation) + ", ceil_mode="
                + PythonText.bool(ceilMode);
    }
}
