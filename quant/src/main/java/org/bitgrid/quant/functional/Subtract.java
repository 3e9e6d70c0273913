package org.bitgrid.quant.functional;

import org.bitgrid.tensor.op.Pointwise2;

/** Difference of two operands. */
public final class Subtract extends BinaryModule {
    public Subtract() {
        super(Pointwise2.Kind.SUB);
    }
}
