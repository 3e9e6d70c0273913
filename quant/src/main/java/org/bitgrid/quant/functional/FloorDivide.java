package org.bitgrid.quant.functional;

import org.bitgrid.tensor.op.Pointwise2;

/** Quotient of two operands, rounded down. */
public final class FloorDivide extends BinaryModule {
    public FloorDivide() {
        super(Pointwise2.Kind.FLOOR_DIVIDE);
    }
}
