package org.bitgrid.quant.functional;

import org.bitgrid.nn.F;
import org.bitgrid.tensor.Tensor;

/** Normalisation by groups of channels: {@code input, num_groups, weight = None, bias = None, eps = 1e-05}. */
public final class GroupNorm extends FunctionalModule {
    @Override
    Tensor[] run(CallArguments arguments) {
        return one(F.groupNorm(arguments.tensor(0, "input"), arguments.integer(1, "num_groups", 1),
                arguments.optionalTensor(2, "weight"), arguments.optionalTensor(3, "bias"),
                arguments.number(4, "eps", 1e-5)));
    }
}
