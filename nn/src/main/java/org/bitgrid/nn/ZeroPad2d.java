package org.bitgrid.nn;

import org.bitgrid.tensor.op.Pad;

/** Adds zeros around x (…, H, W). */
public final class ZeroPad2d extends PadBase {
    /** @param sizes one for all sides, or left, right, top and bottom */
    public ZeroPad2d(int... sizes) {
        super(2, Pad.Mode.CONSTANT, 0, sizes);
    }
}
