package org.bitgrid.quant.functional;

import org.bitgrid.tensor.op.Pointwise2;

/** Whether two operands are equal. */
public final class Equal extends BinaryModule {
    public Equal() {
        super(Pointwise2.Kind.EQ);
    }
}
