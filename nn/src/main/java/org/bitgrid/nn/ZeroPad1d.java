package org.bitgrid.nn;

import org.bitgrid.tensor.op.Pad;

/** Adds zeros around x (…, L). */
public final class ZeroPad1d extends PadBase {
    /** @param sizes one for all sides, or before and after */
    public ZeroPad1d(int... sizes) {
        super(1, Pad.Mode.CONSTANT, 0, sizes);
    }
}
