package org.bitgrid.nn;

import org.bitgrid.tensor.op.Pad;

/** Adds a constant around x (…, D, H, W). */
public final class ConstantPad3d extends PadBase {
    private final double value;

    /** @param sizes one for all sides, or left, right, top, bottom, front and back */
    public ConstantPad3d(double value, int... sizes) {
        super(3, Pad.Mode.CONSTANT, value, sizes);
        this.value = value;
    }

    @Override
    protected String extraRepr() {
        return "padding=" + sizesText() + ", value=" + PythonText.number(value);
    }
}
