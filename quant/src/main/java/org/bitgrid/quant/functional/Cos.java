package org.bitgrid.quant.functional;

import org.bitgrid.tensor.op.Pointwise1;

/** Cosine of each element. */
public final class Cos extends UnaryModule {
    public Cos() {
        super(Pointwise1.Kind.COS);
    }
}
