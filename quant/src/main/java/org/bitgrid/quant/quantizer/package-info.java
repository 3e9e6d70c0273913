/**
 * Modules that round tensors to what few bits can express: {@link org.bitgrid.quant.quantizer.QuantizeDequantize} and its
 * siblings.
 */
package org.bitgrid.quant.quantizer;
