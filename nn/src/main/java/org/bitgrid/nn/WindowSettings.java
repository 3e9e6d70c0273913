package org.bitgrid.nn;

import java.util.List;
import org.bitgrid.tensor.op.Window2d;

/** Kernel size, stride, padding and dilation as the user gave them: one number, or one for height and one for width. */
final class WindowSettings {
    private final String layer;
    private final List<Integer> kernel;
    private List<Integer> stride = List.of(1);
    private List<Integer> padding = List.of(0);
    private List<Integer> dilation = List.of(1);

    WindowSettings(String layer, int... kernel) {
        this.layer = layer;
        this.kernel = Sizes.oneOrTwo(layer, "kernel", kernel);
        window();
    }

    void stride(int... values) {
        stride = Sizes.oneOrTwo(layer, "stride", values);
        window();
    }

    void padding(int... values) {
        padding = Sizes.oneOrTwo(layer, "padding", values);
        window();
    }

    void dilation(int... values) {
        dilation = Sizes.oneOrTwo(layer, "dilation", values);
        window();
    }

    /** Also checks the sizes. */
    Window2d window() {
        return Sizes.window(kernel, stride, padding, dilation);
    }

    @Override
    public String toString() {
        return "kernel_size=" + PythonText.sizes(kernel) + ", dilation=" + PythonText.sizes(dilation) + ", padding="
                + PythonText.sizes(padding) + ", stride=" + PythonText.sizes(stride);
    }
}
