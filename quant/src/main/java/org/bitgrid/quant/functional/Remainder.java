package org.bitgrid.quant.functional;

import org.bitgrid.tensor.op.Pointwise2;

/** Remainder of a division, with the divisor's sign. */
public final class Remainder extends BinaryModule {
    public Remainder() {
        super(Pointwise2.Kind.REMAINDER);
    }
}
