package org.bitgrid.quant.functional;

import org.bitgrid.tensor.Dispatch;
import org.bitgrid.tensor.Tensor;

/** p-norm over dimensions: {@code input, p = 2, dim = None, keepdim = False}. */
public final class Norm extends FunctionalModule {
    @Override
    Tensor[] run(CallArguments arguments) {
        return one(Dispatch.function(new org.bitgrid.tensor.op.Norm(arguments.number(1, "p", 2),
                arguments.integers(2, "dim"), arguments.flag(3, "keepdim", false)), arguments.tensor(0, "input")));
    }
}
