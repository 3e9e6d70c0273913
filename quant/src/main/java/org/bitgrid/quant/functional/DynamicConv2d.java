package org.bitgrid.quant.functional;

import org.bitgrid.nn.F;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.op.Window2d;

/** Convolution with a weight that is computed: {@code input, weight, bias = None}, its window given when it is made. */
public final class DynamicConv2d extends FunctionalModule {
    private final Window2d window;
    private final int groups;

    /**
     * @param window kernel size, stride, padding and dilation
     * @param groups number of groups of channels that do not see each other
     */
    public DynamicConv2d(Window2d window, int groups) {
        this.window = window;
        this.groups = groups;
    }

    /** Kernel size, stride, padding and dilation. */
    public Window2d window() {
        return window;
    }

    public int groups() {
        return groups;
    }

    @Override
    Tensor[] run(CallArguments arguments) {
        return one(F.conv2d(arguments.tensor(0, "input"), arguments.tensor(1, "weight"),
                arguments.optionalTensor(2, "bias"), window, groups));
    }
}
