package org.bitgrid.quant.functional;

import org.bitgrid.tensor.op.Pointwise1;

/** Negative of each element. */
public final class Neg extends UnaryModule {
    public Neg() {
        super(Pointwise1.Kind.NEG);
    }
}
