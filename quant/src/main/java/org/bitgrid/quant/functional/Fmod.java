package org.bitgrid.quant.functional;

import org.bitgrid.tensor.op.Pointwise2;

/** Remainder of a division, with the dividend's sign. */
public final class Fmod extends BinaryModule {
    public Fmod() {
        super(Pointwise2.Kind.FMOD);
    }
}
