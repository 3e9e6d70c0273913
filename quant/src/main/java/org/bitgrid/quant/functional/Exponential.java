package org.bitgrid.quant.functional;

import org.bitgrid.tensor.op.Pointwise1;

/** e to the power of each element. */
public final class Exponential extends UnaryModule {
    public Exponential() {
        super(Pointwise1.Kind.EXP);
    }
}
