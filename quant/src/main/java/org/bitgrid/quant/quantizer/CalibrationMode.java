package org.bitgrid.quant.quantizer;

/** What comes out of a quantizer while it is being calibrated. */
public enum CalibrationMode {
    /** Each batch quantized with the range that it alone asks for. */
    DYNAMIC,
    /** Each batch as it came in: what a simulation does with activations. */
    PASS_THROUGH
}
