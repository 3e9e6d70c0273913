package org.bitgrid.nn;

import org.bitgrid.tensor.op.Pad;

/** Adds elements of the other end around x (…, D, H, W). */
public final class CircularPad3d extends PadBase {
    /** @param sizes one for all sides, or left, right, top, bottom, front and back */
    public CircularPad3d(int... sizes) {
        super(3, Pad.Mode.CIRCULAR, 0, sizes);
    }
}
