/**
 * How codes and real numbers correspond: grids, encodings, formats, and the arithmetic between ranges, scales and offsets
 * ({@link org.bitgrid.quant.encoding.EncodingMath}).
 */
package org.bitgrid.quant.encoding;
