package org.bitgrid.quant.functional;

import org.bitgrid.tensor.op.Reduce;

/** Mean over dimensions. */
public final class Mean extends ReduceModule {
    public Mean() {
        super(Reduce.Kind.MEAN);
    }
}
