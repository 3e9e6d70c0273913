/**
 * Statistics of what flows through a network, and the ranges that follow from them
 * ({@link org.bitgrid.quant.observe.EncodingAnalyzer}).
 */
package org.bitgrid.quant.observe;
