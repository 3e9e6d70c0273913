package org.bitgrid.quant.functional;

import org.bitgrid.tensor.op.Pointwise1;

/** Smallest integer not below each element. */
public final class ElementwiseCeil extends UnaryModule {
    public ElementwiseCeil() {
        super(Pointwise1.Kind.CEIL);
    }
}
