package org.bitgrid.quant.functional;

import org.bitgrid.tensor.op.Pointwise2;

/** Sum of two operands. */
public final class Add extends BinaryModule {
    public Add() {
        super(Pointwise2.Kind.ADD);
    }
}
