package org.bitgrid.quant.sim;

import org.bitgrid.quant.quantizer.Quantizer;

/**
 * A quantizer and a place where it is; a shared one is at several.
 *
 * @param slot      the place
 * @param quantizer what is there
 */
public record SlotQuantizer(SlotId slot, Quantizer quantizer) {
}
