/**
 * Target configurations: JSON files that say which tensors a target quantizes, and how. {@link
 * org.bitgrid.quant.config.QuantSimConfig} is such a file once read and checked.
 */
package org.bitgrid.quant.config;
