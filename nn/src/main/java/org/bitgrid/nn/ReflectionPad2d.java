package org.bitgrid.nn;

import org.bitgrid.tensor.op.Pad;

/** Adds mirror images around x (…, H, W); the outermost elements are not repeated. */
public final class ReflectionPad2d extends PadBase {
    /** @param sizes one for all sides, or left, right, top and bottom */
    public ReflectionPad2d(int... sizes) {
        super(2, Pad.Mode.REFLECT, 0, sizes);
    }
}
