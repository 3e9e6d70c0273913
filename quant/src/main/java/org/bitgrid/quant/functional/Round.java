package org.bitgrid.quant.functional;

import org.bitgrid.tensor.op.Pointwise1;

/** Nearest integer of each element, half to even. */
public final class Round extends UnaryModule {
    public Round() {
        super(Pointwise1.Kind.ROUND);
    }
}
