package org.bitgrid.quant.functional;

import org.bitgrid.tensor.op.Reduce;

/** Sum over dimensions. */
public final class Sum extends ReduceModule {
    public Sum() {
        super(Reduce.Kind.SUM);
    }
}
