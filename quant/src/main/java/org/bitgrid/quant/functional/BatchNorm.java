package org.bitgrid.quant.functional;

import org.bitgrid.nn.F;
import org.bitgrid.tensor.Tensor;

/**
 * Normalisation by running statistics: {@code input, running_mean, running_var, weight = None, bias = None, training =
 * False, momentum = 0.1, eps = 1e-05}.
 */
public final class BatchNorm extends FunctionalModule {
    @Override
    Tensor[] run(CallArguments arguments) {
        if (arguments.flag(5, "training", false)) {
            throw arguments.fault("training", "False, as a function cannot keep statistics", true);
        }
        return one(F.batchNorm(arguments.tensor(0, "input"), arguments.tensor(1, "running_mean"),
                arguments.tensor(2, "running_var"), arguments.optionalTensor(3, "weight"),
                arguments.optionalTensor(4, "bias"), arguments.number(7, "eps", 1e-5)));
    }
}
