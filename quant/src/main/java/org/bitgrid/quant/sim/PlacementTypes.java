package org.bitgrid.quant.sim;

/**
 * Number formats asked for.
 *
 * @param outputBitwidth of inputs and outputs
 * @param paramBitwidth  of parameters
 * @param isFloat        whether both are floating point
 * @param enforceKernels whether formats that the target has no kernel for are replaced by its first one
 */
public record PlacementTypes(int outputBitwidth, int paramBitwidth, boolean isFloat, boolean enforceKernels) {
}
