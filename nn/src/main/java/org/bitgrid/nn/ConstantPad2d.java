package org.bitgrid.nn;

import org.bitgrid.tensor.op.Pad;

/** Adds a constant around x (…, H, W). */
public final class ConstantPad2d extends PadBase {
    private final double value;

    /** @param sizes one for all sides, or left, right, top and bottom */
    public ConstantPad2d(double value, int... sizes) {
        super(2, Pad.Mode.CONSTANT, value, sizes);
        this.value = value;
    }

    @Override
    protected String extraRepr() {
        return "padding=" + sizesText() + ", value=" + PythonText.number(value);
    }
}
