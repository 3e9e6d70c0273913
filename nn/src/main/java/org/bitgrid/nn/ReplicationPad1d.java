package org.bitgrid.nn;

import org.bitgrid.tensor.op.Pad;

/** Repeats the outermost elements around x (…, L). */
public final class ReplicationPad1d extends PadBase {
    /** @param sizes one for all sides, or before and after */
    public ReplicationPad1d(int... sizes) {
        super(1, Pad.Mode.REPLICATE, 0, sizes);
    }
}
