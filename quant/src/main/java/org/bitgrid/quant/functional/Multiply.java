package org.bitgrid.quant.functional;

import org.bitgrid.tensor.op.Pointwise2;

/** Product of two operands, element by element. */
public final class Multiply extends BinaryModule {
    public Multiply() {
        super(Pointwise2.Kind.MUL);
    }
}
