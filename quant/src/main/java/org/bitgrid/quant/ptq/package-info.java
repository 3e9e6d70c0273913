/** Techniques that make quantized models better without training them. */
package org.bitgrid.quant.ptq;
