package org.bitgrid.quant.functional;

import org.bitgrid.tensor.op.Pointwise2;

/** Quotient of two operands; integers give floats. */
public final class Divide extends BinaryModule {
    public Divide() {
        super(Pointwise2.Kind.DIV);
    }
}
