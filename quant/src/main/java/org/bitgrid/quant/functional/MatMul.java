package org.bitgrid.quant.functional;

import org.bitgrid.nn.F;
import org.bitgrid.tensor.Tensor;

/** Matrix product, with batch dimensions broadcast. */
public final class MatMul extends FunctionalModule {
    @Override
    Tensor[] run(CallArguments arguments) {
        return one(F.matmul(arguments.tensor(0, "input"), arguments.tensor(1, "other")));
    }
}
