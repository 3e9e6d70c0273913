package org.bitgrid.nn;

import org.bitgrid.tensor.op.Pad;

/** Adds a constant around x (…, L). */
public final class ConstantPad1d extends PadBase {
    private final double value;

    /** @param sizes one for all sides, or before and after */
    public ConstantPad1d(double value, int... sizes) {
        super(1, Pad.Mode.CONSTANT, value, sizes);
        this.value = value;
    }

    @Override
    protected String extraRepr() {
        return "padding=" + sizesText() + ", value=" + PythonText.number(value);
    }
}
