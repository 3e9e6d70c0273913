package org.bitgrid.quant.functional;

import org.bitgrid.tensor.op.Pointwise1;

/** One over the square root of each element. */
public final class RSqrt extends UnaryModule {
    public RSqrt() {
        super(Pointwise1.Kind.RSQRT);
    }
}
