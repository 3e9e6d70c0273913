package org.bitgrid.quant.functional;

import org.bitgrid.nn.F;
import org.bitgrid.tensor.Tensor;

/**
 * Largest elements of windows: {@code input, kernel_size, stride = None, padding = 0, dilation = 1, ceil_mode = False}.
 */
public final class MaxPool2d extends FunctionalModule {
    @Override
    Tensor[] run(CallArguments arguments) {
        return one(F.maxPool2d(arguments.tensor(0, "input"), Windows.of(arguments, 4),
                arguments.flag(5, "ceil_mode", false)));
    }
}
