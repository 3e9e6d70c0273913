package org.bitgrid.nn;

import org.bitgrid.tensor.op.Pad;

/** Adds zeros around x (…, D, H, W). */
public final class ZeroPad3d extends PadBase {
    /** @param sizes one for all sides, or left, right, top, bottom, front and back */
    public ZeroPad3d(int... sizes) {
        super(3, Pad.Mode.CONSTANT, 0, sizes);
    }
}
