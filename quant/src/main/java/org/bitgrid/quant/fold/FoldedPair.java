package org.bitgrid.quant.fold;

import org.bitgrid.nn.Module;

/**
 * A batch norm that became part of a layer.
 *
 * @param layerPath dotted path of the convolution or linear layer
 * @param layer     that layer
 * @param normPath  dotted path at which the batch norm was
 * @param norm      the batch norm, no longer part of the model
 * @param forward   whether the batch norm came before the layer
 */
public record FoldedPair(String layerPath, Module layer, String normPath, Module norm, boolean forward) {
    @Override
    public String toString() {
        return forward ? normPath + " -> " + layerPath : layerPath + " <- " + normPath;
    }
}
