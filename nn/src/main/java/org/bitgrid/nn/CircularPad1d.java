package org.bitgrid.nn;

import org.bitgrid.tensor.op.Pad;

/** Adds elements of the other end around x (…, L). */
public final class CircularPad1d extends PadBase {
    /** @param sizes one for all sides, or before and after */
    public CircularPad1d(int... sizes) {
        super(1, Pad.Mode.CIRCULAR, 0, sizes);
    }
}
