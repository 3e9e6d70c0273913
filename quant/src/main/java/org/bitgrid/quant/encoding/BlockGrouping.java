package org.bitgrid.quant.encoding;

import java.util.List;
import org.bitgrid.tensor.Shape;

/**
 * How the scales of blocks were made whole multiples of one scale for each group of blocks: scale of a block =
 * integer scale · scale of its group.
 *
 * @param decompressedBitwidth bits that a code times its integer scale needs
 * @param grouping             blocks in a group along each dimension; -1 for all
 * @param groupShape           shape of the groups' scales, of the rank of the blocks' scales
 * @param groupScale           scales of the groups, row-major
 * @param integerScale         whole numbers from 1 to 2^(decompressedBitwidth - bitwidth), one for each block,
 *                             row-major
 */
public record BlockGrouping(int decompressedBitwidth, List<Integer> grouping, Shape groupShape, List<Float> groupScale,
                            List<Integer> integerScale) {
    public BlockGrouping {
        grouping = List.copyOf(grouping);
        groupScale = List.copyOf(groupScale);
        integerScale = List.copyOf(integerScale);
    }
}
