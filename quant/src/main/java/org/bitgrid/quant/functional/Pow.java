package org.bitgrid.quant.functional;

import org.bitgrid.tensor.op.Pointwise2;

/** One operand to the power of the other. */
public final class Pow extends BinaryModule {
    public Pow() {
        super(Pointwise2.Kind.POW);
    }
}
