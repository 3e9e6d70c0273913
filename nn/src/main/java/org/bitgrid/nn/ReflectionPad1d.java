package org.bitgrid.nn;

import org.bitgrid.tensor.op.Pad;

/** Adds mirror images around x (…, L); the outermost elements are not repeated. */
public final class ReflectionPad1d extends PadBase {
    /** @param sizes one for all sides, or before and after */
    public ReflectionPad1d(int... sizes) {
        super(1, Pad.Mode.REFLECT, 0, sizes);
    }
}
