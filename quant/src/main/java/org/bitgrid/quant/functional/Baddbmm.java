package org.bitgrid.quant.functional;

import org.bitgrid.nn.F;
import org.bitgrid.tensor.Tensor;

/** {@code beta · input + alpha · (first · second)}, a matrix product for each pair of a batch. */
public final class Baddbmm extends FunctionalModule {
    @Override
    Tensor[] run(CallArguments arguments) {
        Tensor product = F.matmul(arguments.tensor(1, "batch1"), arguments.tensor(2, "batch2"));
        double alpha = arguments.number(4, "alpha", 1);
        double beta = arguments.number(3, "beta", 1);
        Tensor input = arguments.tensor(0, "input");
        return one((beta == 1 ? input : input.mul(beta)).add(alpha == 1 ? product : product.mul(alpha)));
    }
}
