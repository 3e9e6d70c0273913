package org.bitgrid.quant.functional;

import org.bitgrid.tensor.op.Pointwise2;

/** Whether the first operand is at most the second. */
public final class LessEqual extends BinaryModule {
    public LessEqual() {
        super(Pointwise2.Kind.LE);
    }
}
