package org.bitgrid.quant.functional;

import java.util.List;
import org.bitgrid.nn.F;
import org.bitgrid.tensor.Tensor;

/** Means over a given number of regions: {@code input, output_size}, one size or two. */
public final class AdaptiveAvgPool2d extends FunctionalModule {
    @Override
    Tensor[] run(CallArguments arguments) {
        List<Integer> size = arguments.integers(1, "output_size");
        if (size.isEmpty() || size.size() > 2) {
            throw arguments.fault("output_size", "one size or two", size);
        }
        return one(F.adaptiveAvgPool2d(arguments.tensor(0, "input"), size.get(0), size.get(size.size() - 1)));
    }
}
