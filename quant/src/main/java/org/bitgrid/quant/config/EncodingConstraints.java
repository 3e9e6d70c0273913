package org.bitgrid.quant.config;

/**
 * Ends of the range that an operator's outputs have whatever the data; null where only the data decide.
 *
 * @param min smallest value, or null
 * @param max largest value, or null
 */
public record EncodingConstraints(Double min, Double max) {
}
