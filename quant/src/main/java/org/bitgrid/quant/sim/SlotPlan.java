package org.bitgrid.quant.sim;

import org.bitgrid.quant.config.EncodingConstraints;

/**
 * What is to be at a slot.
 *
 * @param slot        the place
 * @param quantized   whether there is a quantizer
 * @param bitwidth    its number of bits
 * @param isFloat     whether it rounds to floating point
 * @param symmetric   whether its grid is symmetric about zero, and then signed
 * @param channelAxis dimension of the parameter with an encoding for each index, or -1 for one encoding in all
 * @param constraints fixed ends of the range, or null
 * @param sharedWith  the slot whose quantizer this slot uses too, or null when it has one of its own
 * @param rule        which rule decided that there is a quantizer, or that there is none
 * @param detail      further rules that had a say, such as which made it symmetric; may be empty
 */
public record SlotPlan(SlotId slot, boolean quantized, int bitwidth, boolean isFloat, boolean symmetric,
                       int channelAxis, EncodingConstraints constraints, SlotId sharedWith, String rule,
                       String detail) {
    /** {@code int8 asymmetric}, or {@code none}. */
    public String format() {
        if (!quantized) {
            return "none";
        }
        return (isFloat ? "float" : "int") + bitwidth + (isFloat ? "" : symmetric ? " symmetric" : " asymmetric")
                + (channelAxis >= 0 ? ", per channel " + channelAxis : "")
                + (constraints == null ? "" : ", range " + end(constraints.min()) + " to " + end(constraints.max()))
                + (sharedWith == null ? "" : ", shared with " + sharedWith);
    }

    private static String end(Double value) {
        return value == null ? "data" : value.toString();
    }
}
