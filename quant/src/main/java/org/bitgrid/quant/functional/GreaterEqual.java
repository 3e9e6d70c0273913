package org.bitgrid.quant.functional;

import org.bitgrid.tensor.op.Pointwise2;

/** Whether the first operand is at least the second. */
public final class GreaterEqual extends BinaryModule {
    public GreaterEqual() {
        super(Pointwise2.Kind.GE);
    }
}
