package org.bitgrid.quant.functional;

import org.bitgrid.tensor.Tensor;

/** Running sum along a dimension: {@code input, dim}. */
public final class CumSum extends FunctionalModule {
    @Override
    Tensor[] run(CallArguments arguments) {
        return one(arguments.tensor(0, "input").cumsum(arguments.integer(1, "dim", 0)));
    }
}
