/**
 * Layers with quantizers: {@link org.bitgrid.quant.layers.QuantizedModule} around a layer, and {@link
 * org.bitgrid.quant.layers.QuantizedModules}, which knows where each class of layers can have quantizers.
 */
package org.bitgrid.quant.layers;
