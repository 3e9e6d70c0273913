package org.bitgrid.quant.functional;

import org.bitgrid.tensor.Dispatch;
import org.bitgrid.tensor.Tensor;

/** Elements replaced by a number where a mask holds: {@code input, mask, value}. */
public final class MaskedFill extends FunctionalModule {
    @Override
    Tensor[] run(CallArguments arguments) {
        return one(Dispatch.function(new org.bitgrid.tensor.op.MaskedFill(arguments.number(2, "value", 0)),
                arguments.tensor(0, "input"), arguments.tensor(1, "mask")));
    }
}
