package org.bitgrid.quant.config;

/**
 * What a configuration says of a parameter; null where it says nothing.
 *
 * @param quantized whether it is quantized
 * @param symmetric whether its grid is symmetric about zero
 */
public record ParamRule(Boolean quantized, Boolean symmetric) {
    /** Says nothing. */
    public static final ParamRule NONE = new ParamRule(null, null);
}
