package org.bitgrid.nn;

import org.bitgrid.tensor.op.Pad;

/** Adds the elements of the other end around x (…, H, W). */
public final class CircularPad2d extends PadBase {
    /** @param sizes one for all sides, or left, right, top and bottom */
    public CircularPad2d(int... sizes) {
        super(2, Pad.Mode.CIRCULAR, 0, sizes);
    }
}
