package org.bitgrid.quant.functional;

import org.bitgrid.tensor.op.Pointwise2;

/** Whether two operands differ. */
public final class NotEqual extends BinaryModule {
    public NotEqual() {
        super(Pointwise2.Kind.NE);
    }
}
