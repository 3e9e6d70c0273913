/**
 * Makes networks fit for quantization: every function a module of its own, every module used once.
 */
package org.bitgrid.quant.prepare;
