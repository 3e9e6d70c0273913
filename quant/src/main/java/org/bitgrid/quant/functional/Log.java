package org.bitgrid.quant.functional;

import org.bitgrid.tensor.op.Pointwise1;

/** Natural logarithm of each element. */
public final class Log extends UnaryModule {
    public Log() {
        super(Pointwise1.Kind.LOG);
    }
}
