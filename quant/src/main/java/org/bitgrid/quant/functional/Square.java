package org.bitgrid.quant.functional;

import org.bitgrid.tensor.op.Pointwise1;

/** Square of each element. */
public final class Square extends UnaryModule {
    public Square() {
        super(Pointwise1.Kind.SQUARE);
    }
}
