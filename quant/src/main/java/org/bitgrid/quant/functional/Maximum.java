package org.bitgrid.quant.functional;

import org.bitgrid.tensor.op.Pointwise2;

/** The larger of two operands. */
public final class Maximum extends BinaryModule {
    public Maximum() {
        super(Pointwise2.Kind.MAXIMUM);
    }
}
