package org.bitgrid.quant.functional;

import org.bitgrid.nn.F;
import org.bitgrid.tensor.Tensor;

/** Linear map with a weight that is computed: {@code input, weight, bias = None}. */
public final class DynamicLinear extends FunctionalModule {
    @Override
    Tensor[] run(CallArguments arguments) {
        return one(F.linear(arguments.tensor(0, "input"), arguments.tensor(1, "weight"),
                arguments.optionalTensor(2, "bias")));
    }
}
