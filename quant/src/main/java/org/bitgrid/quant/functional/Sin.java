package org.bitgrid.quant.functional;

import org.bitgrid.tensor.op.Pointwise1;

/** Sine of each element. */
public final class Sin extends UnaryModule {
    public Sin() {
        super(Pointwise1.Kind.SIN);
    }
}
