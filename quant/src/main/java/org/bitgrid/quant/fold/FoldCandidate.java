package org.bitgrid.quant.fold;

/**
 * A layer and a batch norm that it can take in.
 *
 * @param layerPath dotted path of the convolution or linear layer
 * @param normPath  dotted path of the batch norm
 * @param forward   whether the batch norm comes before the layer
 */
public record FoldCandidate(String layerPath, String normPath, boolean forward) {
}
