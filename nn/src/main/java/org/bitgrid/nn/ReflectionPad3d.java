package org.bitgrid.nn;

import org.bitgrid.tensor.op.Pad;

/** Adds mirror images around x (…, D, H, W); the outermost elements are not repeated. */
public final class ReflectionPad3d extends PadBase {
    /** @param sizes one for all sides, or left, right, top, bottom, front and back */
    public ReflectionPad3d(int... sizes) {
        super(3, Pad.Mode.REFLECT, 0, sizes);
    }
}
