package org.bitgrid.quant.functional;

import org.bitgrid.tensor.op.Pointwise1;

/** Sign of each element: -1, 0 or 1. */
public final class ElementwiseUnarySign extends UnaryModule {
    public ElementwiseUnarySign() {
        super(Pointwise1.Kind.SIGN);
    }
}
