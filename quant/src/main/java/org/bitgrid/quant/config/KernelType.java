package org.bitgrid.quant.config;

/**
 * A number format of a kernel.
 *
 * @param bitwidth 4, 8, 16 or 32
 * @param isFloat  whether it is floating point
 */
public record KernelType(int bitwidth, boolean isFloat) {
    @Override
    public String toString() {
        return (isFloat ? "float" : "int") + bitwidth;
    }
}
