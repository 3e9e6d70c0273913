package org.bitgrid.quant.functional;

import org.bitgrid.tensor.op.Pointwise1;

/** Square root of each element. */
public final class Sqrt extends UnaryModule {
    public Sqrt() {
        super(Pointwise1.Kind.SQRT);
    }
}
