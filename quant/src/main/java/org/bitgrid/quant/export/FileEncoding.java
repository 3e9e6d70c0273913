package org.bitgrid.quant.export;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.bitgrid.quant.encoding.AffineEncoding;
import org.bitgrid.quant.encoding.BlockGrouping;
import org.bitgrid.quant.encoding.Encoding;
import org.bitgrid.quant.encoding.FloatEncoding;
import org.bitgrid.quant.encoding.FloatFormat;
import org.bitgrid.quant.encoding.Grid;
import org.bitgrid.tensor.Shape;

/**
 * What encodings files say of one tensor, in whatever version. Offsets are kept as the code of the lowest real number
 * on the unsigned grid, which all versions agree on: real = (code + lowest + zeroPointShift) · scale, code 0 to
 * 2^bitwidth - 1.
 *
 * @param isFloat        whether codes are floating point; bitwidth and format then say all there is but for the scales
 * @param symmetric      whether the range was made symmetric
 * @param signed         whether codes may be negative, empty where the file does not say
 * @param scale          one for each channel or block, row-major
 * @param lowest         as many, from -(2^bitwidth - 1) to 0; empty for floating point
 * @param shape          shape of the scales: () for a tensor, (C) for channels, for blocks of the tensor's rank
 * @param axis           dimension of the tensor to which channels or blocks belong, -1 where the file does not say
 * @param blockSize      elements in a block along {@code axis}, 0 without blocks
 * @param grouping       scales of blocks as multiples of one scale, or null
 * @param format         floating-point format, or null
 * @param zeroPointShift 0, or 0.5 for a grid without zero
 */
public record FileEncoding(boolean isFloat, int bitwidth, boolean symmetric, Optional<Boolean> signed,
                           List<Float> scale, List<Long> lowest, Shape shape, int axis, int blockSize,
                           BlockGrouping grouping, FloatFormat format, double zeroPointShift) {
    public FileEncoding {
        scale = List.copyOf(scale);
        lowest = List.copyOf(lowest);
    }

    /** What there is to say of a quantizer's encoding. */
    public static FileEncoding of(Encoding encoding) {
        return encoding instanceof FloatEncoding floating ? of(floating) : of((AffineEncoding) encoding);
    }

    private static FileEncoding of(FloatEncoding encoding) {
        List<Float> scale = new ArrayList<>();
        for (float value : encoding.scale()) {
            scale.add(value);
        }
        Places places = Places.of(encoding.shape(), encoding.blockSize());
        return new FileEncoding(true, encoding.bitwidth(), true, Optional.empty(), scale, List.of(), places.shape,
                places.axis, places.blockSize, null, encoding.format(), 0);
    }

    private static FileEncoding of(AffineEncoding encoding) {
        List<Float> scale = new ArrayList<>();
        for (float value : encoding.scale()) {
            scale.add(value);
        }
        List<Long> lowest = new ArrayList<>();
        for (float value : encoding.offset()) {
            lowest.add((long) value + encoding.grid().qmin());
        }
        Places places = Places.of(encoding.shape(), encoding.blockSize());
        return new FileEncoding(false, encoding.bitwidth(), encoding.symmetric(),
                Optional.of(encoding.grid().signed()), scale, lowest, places.shape, places.axis, places.blockSize,
                encoding.grouping().orElse(null), null, encoding.zeroPointShift());
    }

    /** Shape, axis and block size as files have them. */
    private record Places(Shape shape, int axis, int blockSize) {
        static Places of(Shape shape, List<Integer> blockSize) {
            if (shape.numel() == 1 && blockSize.isEmpty()) {
                return new Places(Shape.SCALAR, -1, 0);
            }
            int axis = -1;
            for (int i = 0; i < shape.rank(); i++) {
                boolean wide = blockSize.isEmpty() ? shape.dim(i) > 1 : i < 2 && blockSize.get(i) != 1;
                if (wide && axis < 0) {
                    axis = i;
                }
            }
            if (blockSize.isEmpty()) {
                return new Places(Shape.of((int) shape.numel()), axis, 0);
            }
            axis = Math.max(axis, 0);
            return new Places(shape, axis, blockSize.get(axis));
        }
    }

    /** An encoding of whole numbers with one scale for the tensor. */
    public static FileEncoding perTensor(int bitwidth, boolean symmetric, boolean signed, float scale, long lowest) {
        return new FileEncoding(false, bitwidth, symmetric, Optional.of(signed), List.of(scale), List.of(lowest),
                Shape.SCALAR, -1, 0, null, null, 0);
    }

    /** The same numbers for codes that may be negative, or may not. */
    public FileEncoding withSigned(boolean value) {
        return new FileEncoding(isFloat, bitwidth, symmetric, Optional.of(value), scale, lowest, shape, axis, blockSize,
                grouping, format, zeroPointShift);
    }

    /** The same with this many elements in a block. */
    FileEncoding withBlockSize(int elements) {
        return new FileEncoding(isFloat, bitwidth, symmetric, signed, scale, lowest, shape, axis, elements, grouping,
                format, zeroPointShift);
    }

    /** Number of steps of the grid. */
    public long steps() {
        return (1L << bitwidth) - 1;
    }

    /** The codes, signed when the file says so, or else when the range is symmetric. */
    public Grid grid() {
        return Grid.ofBits(bitwidth, signed.orElse(symmetric));
    }

    /** Whether one scale holds for the whole tensor. */
    public boolean isPerTensor() {
        return shape.rank() == 0;
    }

    /** Whether scales and numbers are the same, bit for bit, whatever else a version says or leaves out. */
    public boolean sameNumbers(FileEncoding other) {
        return isFloat == other.isFloat && bitwidth == other.bitwidth && (isFloat
                ? scale.isEmpty() || other.scale.isEmpty() || scale.equals(other.scale)
                : scale.equals(other.scale) && lowest.equals(other.lowest))
                && zeroPointShift == other.zeroPointShift;
    }

    /**
     * The encoding for a quantizer of this shape.
     *
     * @param quantizerSigned whether its codes may be negative
     */
    public AffineEncoding toEncoding(Shape quantizerShape, List<Integer> quantizerBlocks, boolean quantizerSigned) {
        Grid grid = Grid.ofBits(bitwidth, quantizerSigned);
        float[] scales = new float[scale.size()];
        float[] offsets = new float[scale.size()];
        for (int i = 0; i < scales.length; i++) {
            scales[i] = scale.get(i);
            offsets[i] = lowest.get(i) - grid.qmin();
        }
        return new AffineEncoding(quantizerShape, scales, offsets, grid, symmetric, quantizerBlocks, zeroPointShift);
    }

    static List<Long> repeated(long value, int count) {
        return Collections.nCopies(count, value);
    }
}
