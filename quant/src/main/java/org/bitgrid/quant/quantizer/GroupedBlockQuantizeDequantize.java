package org.bitgrid.quant.quantizer;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.bitgrid.quant.encoding.AffineEncoding;
import org.bitgrid.quant.encoding.BlockGrouping;
import org.bitgrid.quant.encoding.Blocks;
import org.bitgrid.quant.encoding.Grid;
import org.bitgrid.quant.observe.EncodingAnalyzer;
import org.bitgrid.tensor.Dispatch;
import org.bitgrid.tensor.Shape;
import org.bitgrid.tensor.ShapeException;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.Tensors;
import org.bitgrid.tensor.op.FakeQuantize;

/**
 * Block-wise quantization whose scales are whole multiples of one scale for each group of blocks (low power blockwise
 * quantization): with B bits for codes and D once decompressed, a group's scale is the largest of its blocks' divided
 * by 2^(D - B), and each block's is rounded to 1 … 2^(D - B) times that. Symmetric. Gradients flow through the rounding
 * of the scales as through that of values.
 */
public final class GroupedBlockQuantizeDequantize extends QuantizeDequantize {
    private final int decompressedBitwidth;
    private final List<Integer> blockGrouping;

    /** Each block a group of its own: plain block-wise quantization. */
    public GroupedBlockQuantizeDequantize(Shape shape, int bitwidth, int decompressedBitwidth,
            List<Integer> blockSize) {
        this(shape, bitwidth, true, decompressedBitwidth, null, blockSize, null);
    }

    /**
     * @param symmetric            must be true
     * @param decompressedBitwidth D, at least {@code bitwidth}
     * @param analyzer             finds the ranges; null for min-max
     * @param blockSize            elements for each block along each dimension of {@code shape}
     * @param blockGrouping        blocks in a group along each dimension, -1 for all; null for 1 everywhere
     */
    public GroupedBlockQuantizeDequantize(Shape shape, int bitwidth, boolean symmetric, int decompressedBitwidth,
                                          EncodingAnalyzer analyzer, List<Integer> blockSize,
                                          List<Integer> blockGrouping) {
        super(shape, Grid.ofBits(bitwidth, true), symmetric, analyzer, blockSize, 0);
        this.decompressedBitwidth = decompressedBitwidth;
        this.blockGrouping = blockGrouping == null ? Collections.nCopies(shape.rank(), 1) : List.copyOf(blockGrouping);
        check();
    }

    private void check() {
        if (!isSymmetric()) {
            throw new ShapeException(typeName(), "is defined for symmetric quantization only; got symmetric=False");
        }
        if (decompressedBitwidth < bitwidth() || decompressedBitwidth > Grid.MOST_BITS) {
            throw new ShapeException(typeName(), "decompressed bitwidth must be at least the bitwidth; got "
                    + decompressedBitwidth + " and " + bitwidth());
        }
        if (blockGrouping.size() != shape().rank()) {
            throw new ShapeException(typeName(),
                    "block grouping must have one entry for each dimension of the shape; got "
                    + blockGrouping + " for shape " + shape());
        }
        for (int i = 0; i < blockGrouping.size(); i++) {
            int group = blockGrouping.get(i);
            if (group != -1 && (group < 1 || shape().dim(i) % group != 0)) {
                throw new ShapeException(typeName(), "block grouping must divide the shape or be -1; got "
                        + blockGrouping
                        + " for shape " + shape());
            }
        }
    }

    /** Bits that a code times its integer scale needs. */
    public int decompressedBitwidth() {
        return decompressedBitwidth;
    }

    /** Blocks in a group along each dimension; -1 for all. */
    public List<Integer> blockGrouping() {
        return blockGrouping;
    }

    /** Scales of the groups, of the rank of {@link #shape}, or null while the range is not known. */
    public Tensor perChannelScale() {
        AffineEncoding encoding = encoding();
        if (encoding == null) {
            return null;
        }
        BlockGrouping grouping = encoding.grouping().orElseThrow();
        float[] scales = new float[grouping.groupScale().size()];
        for (int i = 0; i < scales.length; i++) {
            scales[i] = grouping.groupScale().get(i);
        }
        return Tensors.of(scales, grouping.groupShape().toArray());
    }

    /** By what the scale of a block's group is multiplied (INT32, {@link #shape}), or null while it is not known. */
    public Tensor perBlockIntegerScale() {
        AffineEncoding encoding = encoding();
        return encoding == null ? null : Tensors.of(encoding.grouping().orElseThrow().integerScale().stream()
                .mapToInt(Integer::intValue).toArray(), shape().toArray());
    }

    private Shape groupShape() {
        int[] groups = new int[blockGrouping.size()];
        for (int i = 0; i < groups.length; i++) {
            groups[i] = blockGrouping.get(i) == -1 ? 1 : shape().dim(i) / blockGrouping.get(i);
        }
        return Shape.of(groups);
    }

    private long multiples() {
        return 1L << decompressedBitwidth - bitwidth();
    }

    /** Scales of the groups, as (g0, 1, g1, 1, …). */
    private Tensor groupScales(Tensor grouped) {
        List<Integer> within = new ArrayList<>();
        for (int i = 0; i < blockGrouping.size(); i++) {
            within.add(2 * i + 1);
        }
        return grouped.amax(within, true).div((double) multiples());
    }

    @Override
    protected Tensor[] scaleAndOffset(Tensor firstValue, Tensor secondValue) {
        Tensor[] raw = super.scaleAndOffset(firstValue, secondValue);
        return new Tensor[] {rounded(raw[0]), raw[1]};
    }

    private Tensor rounded(Tensor blockScales) {
        long multiples = multiples();
        Tensor grouped = Blocks.view(typeName(), blockScales, groupShape(), groupSizes());
        Tensor groups = groupScales(grouped);
        if (multiples == 1) { // nothing to choose: every block takes its group's scale
            return groups.expand(grouped.spec().shape().toArray()).reshape(shape().toArray());
        }
        Tensor zero = Tensors.fullLike(groups.spec(), 0);
        return Dispatch.apply(new FakeQuantize(1, multiples, 0, false), grouped, groups, zero)
                .reshape(shape().toArray());
    }

    private List<Integer> groupSizes() {
        List<Integer> sizes = new ArrayList<>();
        for (int i = 0; i < blockGrouping.size(); i++) {
            sizes.add(blockGrouping.get(i) == -1 ? shape().dim(i) : blockGrouping.get(i));
        }
        return sizes;
    }

    @Override
    protected AffineEncoding encodingOf(Tensor scale, Tensor offset) {
        // The largest scale of a group is 2^(D - B) times the group's scale, whichever way it is divided again.
        Tensor grouped = Blocks.view(typeName(), scale.detach(), groupShape(), groupSizes());
        float[] group;
        float[] multiple;
        try (Dispatch.Scope grad = Dispatch.gradEnabled(false); Dispatch.Scope seen = Dispatch.suspendInterceptors()) {
            Tensor groups = groupScales(grouped);
            group = groups.toFloatArray();
            multiple = grouped.div(groups).round().toFloatArray();
        }
        List<Float> groupScale = new ArrayList<>();
        for (float value : group) {
            groupScale.add(value);
        }
        List<Integer> integerScale = new ArrayList<>();
        for (float value : multiple) {
            integerScale.add((int) value);
        }
        BlockGrouping grouping = new BlockGrouping(decompressedBitwidth, blockGrouping, groupShape(), groupScale,
                integerScale);
        return super.encodingOf(scale, offset).withGrouping(grouping);
    }

    @Override
    public GroupedBlockQuantizeDequantize copy() {
        return copyStateTo(new GroupedBlockQuantizeDequantize(shape(), bitwidth(), isSymmetric(), decompressedBitwidth,
                analyzer().fresh(), blockSize(), blockGrouping));
    }

    @Override
    protected String extraRepr() {
        return super.extraRepr() + ", decompressed_bw=" + decompressedBitwidth + ", block_grouping=" + blockGrouping;
    }
}
