package org.bitgrid.quant.functional;

import org.bitgrid.nn.F;
import org.bitgrid.tensor.Tensor;

/** Matrix products of a batch of pairs: (B, M, K), (B, K, N) -> (B, M, N). */
public final class Bmm extends FunctionalModule {
    @Override
    Tensor[] run(CallArguments arguments) {
        return one(F.matmul(arguments.tensor(0, "input"), arguments.tensor(1, "mat2")));
    }
}
