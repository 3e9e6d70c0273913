package org.bitgrid.quant.functional;

import org.bitgrid.tensor.op.Pointwise1;

/** Largest integer not above each element. */
public final class ElementwiseFloor extends UnaryModule {
    public ElementwiseFloor() {
        super(Pointwise1.Kind.FLOOR);
    }
}
