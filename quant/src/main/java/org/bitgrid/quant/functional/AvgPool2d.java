package org.bitgrid.quant.functional;

import org.bitgrid.nn.F;
import org.bitgrid.tensor.Tensor;

/**
 * Means of windows: {@code input, kernel_size, stride = None, padding = 0, ceil_mode = False, count_include_pad =
 * True, divisor_override = None}.
 */
public final class AvgPool2d extends FunctionalModule {
    @Override
    Tensor[] run(CallArguments arguments) {
        return one(F.avgPool2d(arguments.tensor(0, "input"), Windows.of(arguments, -1),
                arguments.flag(4, "ceil_mode", false), arguments.flag(5, "count_include_pad", true),
                arguments.integer(6, "divisor_override", 0)));
    }
}
