package org.bitgrid.nn;

import java.util.List;
import org.bitgrid.tensor.Check;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.op.Window2d;

/** x (N, C, L) -> largest element of each window (N, C, Lo). The stride is the kernel's size unless set. */
public final class MaxPool1d extends Module {
    private final int kernel;
    private int stride;
    private int padding;
    private int dilation = 1;
    private boolean ceilMode;

    public MaxPool1d(int kernel) {
        this.kernel = kernel;
        this.stride = kernel;
        window();
    }

    /** How far the window moves. Returns this. */
    public MaxPool1d stride(int value) {
        checkNotBuilt("stride");
        stride = value;
        window();
        return this;
    }

    /** Elements put at both ends, which never win; at most half of the kernel. Returns this. */
    public MaxPool1d padding(int value) {
        checkNotBuilt("padding");
        padding = value;
        window();
        return this;
    }

    /** How far window elements lie apart. Returns this. */
    public MaxPool1d dilation(int value) {
        checkNotBuilt("dilation");
        dilation = value;
        window();
        return this;
    }

    /** Whether a last window that overhangs the input counts. Returns this. */
    public MaxPool1d ceilMode(boolean ceil) {
        checkNotBuilt("ceilMode");
        ceilMode = ceil;
        return this;
    }

    private Window2d window() {
        return Sizes.window(List.of(1, kernel), List.of(1, stride), List.of(0, padding), List.of(1, dilation));
    }

    @Override
    protected Tensor forward(Tensor x) {
        Check.rank("MaxPool1d", "input", x.spec(), 3);
        return F.maxPool2d(x.unsqueeze(2), window(), ceilMode).squeeze(2);
    }

    @Override
    protected String extraRepr() {
        return "kernel_size=" + kernel + ", stride=" + stride + ", padding=" + padding + ", dilation=" + dilation
                + ", ceil_mode=" + PythonText.bool(ceilMode);
    }
}
