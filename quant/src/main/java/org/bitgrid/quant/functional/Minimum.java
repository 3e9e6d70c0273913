package org.bitgrid.quant.functional;

import org.bitgrid.tensor.op.Pointwise2;

/** The smaller of two operands. */
public final class Minimum extends BinaryModule {
    public Minimum() {
        super(Pointwise2.Kind.MINIMUM);
    }
}
