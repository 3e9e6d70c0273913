/** Quantization of networks: what its parts have in common. */
package org.bitgrid.quant;
