/**
 * Functions as modules, so that quantizers can be put at their inputs and outputs: {@code add(a, b)} as
 * {@code new Add().call(a, b)}. Arguments, by position or by {@link org.bitgrid.nn.graph.Keywords keyword}, are those
 * of the PyTorch function of the same meaning.
 */
package org.bitgrid.quant.functional;
