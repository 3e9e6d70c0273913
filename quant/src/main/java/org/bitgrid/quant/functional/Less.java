package org.bitgrid.quant.functional;

import org.bitgrid.tensor.op.Pointwise2;

/** Whether the first operand is less than the second. */
public final class Less extends BinaryModule {
    public Less() {
        super(Pointwise2.Kind.LT);
    }
}
