package org.bitgrid.quant.functional;

import org.bitgrid.tensor.op.Pointwise1;

/** Magnitude of each element. */
public final class Abs extends UnaryModule {
    public Abs() {
        super(Pointwise1.Kind.ABS);
    }
}
