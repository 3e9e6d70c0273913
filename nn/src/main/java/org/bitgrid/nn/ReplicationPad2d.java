package org.bitgrid.nn;

import org.bitgrid.tensor.op.Pad;

/** Repeats the outermost elements around x (…, H, W). */
public final class ReplicationPad2d extends PadBase {
    /** @param sizes one for all sides, or left, right, top and bottom */
    public ReplicationPad2d(int... sizes) {
        super(2, Pad.Mode.REPLICATE, 0, sizes);
    }
}
