package org.bitgrid.quant.functional;

import org.bitgrid.tensor.op.Pointwise2;

/** Whether the first operand is greater than the second. */
public final class Greater extends BinaryModule {
    public Greater() {
        super(Pointwise2.Kind.GT);
    }
}
