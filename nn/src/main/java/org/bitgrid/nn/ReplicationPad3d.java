package org.bitgrid.nn;

import org.bitgrid.tensor.op.Pad;

/** Repeats the outermost elements around x (…, D, H, W). */
public final class ReplicationPad3d extends PadBase {
    /** @param sizes one for all sides, or left, right, top, bottom, front and back */
    public ReplicationPad3d(int... sizes) {
        super(3, Pad.Mode.REPLICATE, 0, sizes);
    }
}
