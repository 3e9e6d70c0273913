package org.bitgrid.quant.functional;

import org.bitgrid.tensor.op.Pointwise1;

/** Error function of each element. */
public final class Erf extends UnaryModule {
    public Erf() {
        super(Pointwise1.Kind.ERF);
    }
}
