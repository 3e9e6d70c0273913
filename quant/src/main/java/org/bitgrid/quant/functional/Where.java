package org.bitgrid.quant.functional;

import org.bitgrid.tensor.Tensor;

/** Elements of one tensor where a condition holds, of another elsewhere: {@code condition, input, other}. */
public final class Where extends FunctionalModule {
    @Override
    Tensor[] run(CallArguments arguments) {
        return one(org.bitgrid.tensor.op.Where.apply(arguments.tensor(0, "condition"), arguments.tensor(1, "input"),
                arguments.tensor(2, "other")));
    }
}
