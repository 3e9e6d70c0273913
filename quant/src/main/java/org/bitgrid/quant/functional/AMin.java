package org.bitgrid.quant.functional;

import org.bitgrid.tensor.op.Reduce;

/** Smallest element over dimensions. */
public final class AMin extends ReduceModule {
    public AMin() {
        super(Reduce.Kind.AMIN);
    }
}
