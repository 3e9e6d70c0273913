package org.bitgrid.quant.functional;

import org.bitgrid.tensor.Dispatch;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.op.AddMatrixProduct;

/** beta · input + alpha · (first · second): {@code input, mat1, mat2, beta = 1, alpha = 1}. */
public final class Addmm extends FunctionalModule {
    @Override
    Tensor[] run(CallArguments arguments) {
        AddMatrixProduct op = new AddMatrixProduct(arguments.number(3, "beta", 1), arguments.number(4, "alpha", 1),
                false);
        return one(Dispatch.function(op, arguments.tensor(0, "input"), arguments.tensor(1, "mat1"),
                arguments.tensor(2, "mat2")));
    }
}
