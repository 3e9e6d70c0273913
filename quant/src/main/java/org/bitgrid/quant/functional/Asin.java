package org.bitgrid.quant.functional;

import org.bitgrid.tensor.op.Pointwise1;

/** Arc sine of each element. */
public final class Asin extends UnaryModule {
    public Asin() {
        super(Pointwise1.Kind.ASIN);
    }
}
