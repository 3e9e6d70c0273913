package org.bitgrid.quant.functional;

import org.bitgrid.tensor.op.Reduce;

/** Largest element over dimensions. */
public final class AMax extends ReduceModule {
    public AMax() {
        super(Reduce.Kind.AMAX);
    }
}
