/**
 * Simulation of a model on a target that computes with few bits: {@link org.bitgrid.quant.sim.QuantizationSimModel}.
 * Where quantizers go is decided by {@link org.bitgrid.quant.sim.QuantizerPlacement}, from a graph and a configuration
 * alone.
 */
package org.bitgrid.quant.sim;
