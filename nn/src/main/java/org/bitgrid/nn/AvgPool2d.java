package org.bitgrid.nn;

import java.util.List;
import org.bitgrid.tensor.ShapeException;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.op.Window2d;

/** x (N, C, H, W) -> mean of each window (N, C, Ho, Wo). The stride is the kernel's size unless set. */
public final class AvgPool2d extends Module {
    private final List<Integer> kernel;
    private List<Integer> stride;
    private List<Integer> padding = List.of(0);
    private boolean ceilMode;
    private boolean countIncludePad = true;
    private int divisorOverride;

    public AvgPool2d(int kernel) {
        this.kernel = List.of(kernel);
        this.stride = this.kernel;
        window();
    }

    public AvgPool2d(int kernelH, int kernelW) {
        this.kernel = List.of(kernelH, kernelW);
        this.stride = this.kernel;
        window();
    }

    /** How far the window moves. Returns this. */
    public AvgPool2d stride(int... heightAndWidth) {
        checkNotBuilt("stride");
        stride = Sizes.oneOrTwo("AvgPool2d", "stride", heightAndWidth);
        window();
        return this;
    }

    /** Zeros put around the input; at most half of the kernel. Returns this. */
    public AvgPool2d padding(int... heightAndWidth) {
        checkNotBuilt("padding");
        padding = Sizes.oneOrTwo("AvgPool2d", "padding", heightAndWidth);
        window();
        return this;
    }

    /** Whether a last window that overhangs the input counts. Returns this. */
    public AvgPool2d ceilMode(boolean ceil) {
        checkNotBuilt("ceilMode");
        ceilMode = ceil;
        return this;
    }

    /** Whether zeros of the padding count as elements; true by default. Returns this. */
    public AvgPool2d countIncludePad(boolean include) {
        checkNotBuilt("countIncludePad");
        countIncludePad = include;
        return this;
    }

    /** What sums are divided by instead of the number of elements. Returns this. */
    public AvgPool2d divisorOverride(int divisor) {
        checkNotBuilt("divisorOverride");
        if (divisor < 1) {
            throw new ShapeException("AvgPool2d", "divisor must be positive; got " + divisor);
        }
        divisorOverride = divisor;
        return this;
    }

    /** Kernel size, stride and padding. */
    public Window2d window() {
        return Sizes.window(kernel, stride, padding, List.of(1));
    }

    public boolean ceilMode() {
        return ceilMode;
    }

    public boolean countIncludePad() {
        return countIncludePad;
    }

    /** 0 when sums are divided by the number of elements. */
    public int divisorOverride() {
        return divisorOverride;
    }

    @Override
    protected Tensor forward(Tensor x) {
        return F.avgPool2d(x, window(), ceilMode, countIncludePad, divisorOverride);
    }

    @Override
    protected String extraRepr() {
        return "kernel_size=" + PythonText.sizes(kernel) + ", stride=" + PythonText.sizes(stride) + ", padding="
                + PythonText.sizes(padding);
    }
}
