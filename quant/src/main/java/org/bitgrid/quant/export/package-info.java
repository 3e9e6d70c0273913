/**
 * What leaves a simulation. {@link org.bitgrid.quant.export.ExportBundle} writes the model and its encodings;
 * {@link org.bitgrid.quant.export.ExportVerifier} checks what was written. The encodings files themselves are
 * {@link org.bitgrid.quant.export.TensorEncodings} and {@link org.bitgrid.quant.export.ModuleEncodings}, of every
 * version.
 */
package org.bitgrid.quant.export;
