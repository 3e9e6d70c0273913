package org.bitgrid.nn;

import java.util.List;
import org.bitgrid.tensor.Check;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.op.Window2d;

/** x (N, C, L) -> mean of each window (N, C, Lo). The stride is the kernel's size unless set. */
public final class AvgPool1d extends Module {
    private final int kernel;
    private int stride;
    private int padding;
    private boolean ceilMode;
    private boolean countIncludePad = true;

    public AvgPool1d(int kernel) {
        this.kernel = kernel;
        this.stride = kernel;
        window();
    }

    /** How far the window moves. Returns this. */
    public AvgPool1d stride(int value) {
        checkNotBuilt("stride");
        stride = value;
        window();
        return this;
    }

    /** Zeros put at both ends; at most half of the kernel. Returns this. */
    public AvgPool1d padding(int value) {
        checkNotBuilt("padding");
        padding = value;
        window();
        return this;
    }

    /** Whether a last window that overhangs the input counts. Returns this. */
    public AvgPool1d ceilMode(boolean ceil) {
        checkNotBuilt("ceilMode");
        ceilMode = ceil;
        return this;
    }

    /** Whether zeros of the padding count as elements; true by default. Returns this. */
    public AvgPool1d countIncludePad(boolean include) {
        checkNotBuilt("countIncludePad");
        countIncludePad = include;
        return this;
    }

    private Window2d window() {
        return Sizes.window(List.of(1, kernel), List.of(1, stride), List.of(0, padding), List.of(1));
    }

    @Override
    protected Tensor forward(Tensor x) {
        Check.rank("AvgPool1d", "input", x.spec(), 3);
        return F.avgPool2d(x.unsqueeze(2), window(), ceilMode, countIncludePad, 0).squeeze(2);
    }

    @Override
    protected String extraRepr() {
        return "kernel_size=" + PythonText.tuple(kernel) + ", stride=" + PythonText.tuple(stride) + ", padding="
                + PythonText.tuple(padding);
    }
}
