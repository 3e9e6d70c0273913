package org.bitgrid.quant.functional;

import org.bitgrid.tensor.op.Pointwise1;

/** Arc tangent of each element. */
public final class Atan extends UnaryModule {
    public Atan() {
        super(Pointwise1.Kind.ATAN);
    }
}
