/**
 * What leaves a simulation: encodings files ({@link org.bitgrid.quant.export.TensorEncodings},
 * {@link org.bitgrid.quant.export.ModuleEncodings}) of every version.
 */
package org.bitgrid.quant.export;
