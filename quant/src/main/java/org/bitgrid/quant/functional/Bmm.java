package org.bitgrid.quant.functional;

import org.bitgrid.tensor.Dispatch;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.op.MatrixProduct;

/** Matrix products of a batch of pairs: (B, M, K), (B, K, N) -> (B, M, N). */
public final class Bmm extends FunctionalModule {
    @Override
    Tensor[] run(CallArguments arguments) {
        return one(Dispatch.function(new MatrixProduct(MatrixProduct.Kind.BMM), arguments.tensor(0, "input"),
                arguments.tensor(1, "mat2")));
    }
}
