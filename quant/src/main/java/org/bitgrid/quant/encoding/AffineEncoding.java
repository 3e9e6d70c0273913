package org.bitgrid.quant.encoding;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.bitgrid.tensor.Shape;
import org.bitgrid.tensor.ShapeException;
import org.bitgrid.tensor.Tensor;

/**
 * real = (code + offset + zeroPointShift) · scale, for codes of a {@link Grid}, with one scale and offset for the whole
 * tensor, for each channel or for each block. An ONNX zero point is -offset.
 */
public final class AffineEncoding implements Encoding {
    private final Shape shape;
    private final ReadOnce scale;
    private final ReadOnce offset;
    private final Grid grid;
    private final boolean symmetric;
    private final List<Integer> blockSize;
    private final double zeroPointShift;
    private final BlockGrouping grouping;

    /** An encoding without blocks and shift. */
    public AffineEncoding(Shape shape, float[] scale, float[] offset, Grid grid, boolean symmetric) {
        this(shape, scale, offset, grid, symmetric, List.of(), 0);
    }

    /**
     * @param shape     shape of scale and offset, broadcast to tensors from the last dimension
     * @param scale     positive, row-major
     * @param offset    whole numbers, row-major
     * @param symmetric whether the range was made symmetric
     * @param blockSize elements for each scale along each dimension of {@code shape}, empty without blocks
     * @param zeroPointShift 0, or 0.5 for a grid without zero
     */
    public AffineEncoding(Shape shape, float[] scale, float[] offset, Grid grid, boolean symmetric,
                          List<Integer> blockSize, double zeroPointShift) {
        this(shape, ReadOnce.of(scale), ReadOnce.of(offset), grid, symmetric, blockSize, zeroPointShift, null);
    }

    /**
     * The encoding of tensors that are on a device: their values are read when they are first asked for, so that the
     * host need not wait for them. They must not change until then.
     */
    public AffineEncoding(Shape shape, Tensor scale, Tensor offset, Grid grid, boolean symmetric,
                          List<Integer> blockSize, double zeroPointShift) {
        this(shape, ReadOnce.of(scale), ReadOnce.of(offset), grid, symmetric, blockSize, zeroPointShift, null);
    }

    private AffineEncoding(Shape shape, ReadOnce scale, ReadOnce offset, Grid grid, boolean symmetric,
                           List<Integer> blockSize, double zeroPointShift, BlockGrouping grouping) {
        if (scale.length() != shape.numel() || offset.length() != shape.numel()) {
            throw new ShapeException("AffineEncoding", "got " + scale.length() + " scales and " + offset.length()
                    + " offsets for shape " + shape + "; expected " + shape.numel() + " of each");
        }
        if (!blockSize.isEmpty() && blockSize.size() != shape.rank()) {
            throw new ShapeException("AffineEncoding",
                    "block size must have one entry for each dimension of the shape; "
                    + "got " + blockSize + " for shape " + shape);
        }
        this.shape = shape;
        this.scale = scale;
        this.offset = offset;
        this.grid = grid;
        this.symmetric = symmetric;
        this.blockSize = List.copyOf(blockSize);
        this.zeroPointShift = zeroPointShift;
        this.grouping = grouping;
    }

    /** The same encoding, whose scales were made whole multiples of those of groups of blocks. */
    public AffineEncoding withGrouping(BlockGrouping how) {
        return new AffineEncoding(shape, scale, offset, grid, symmetric, blockSize, zeroPointShift, how);
    }

    /** The same encoding with these block sizes, where -1 was resolved. */
    public AffineEncoding withBlockSize(List<Integer> sizes) {
        return new AffineEncoding(shape, scale, offset, grid, symmetric, sizes, zeroPointShift, grouping);
    }

    /** How scales were grouped, if they were. */
    public Optional<BlockGrouping> grouping() {
        return Optional.ofNullable(grouping);
    }

    /** Shape of scale and offset. */
    public Shape shape() {
        return shape;
    }

    /** Scales, row-major, as a fresh array. */
    public float[] scale() {
        return scale.values().clone();
    }

    /** Offsets, row-major, as a fresh array: real = (code + offset) · scale. */
    public float[] offset() {
        return offset.values().clone();
    }

    public Grid grid() {
        return grid;
    }

    @Override
    public int bitwidth() {
        return grid.bitwidth();
    }

    public boolean symmetric() {
        return symmetric;
    }

    /** Elements for each scale along each dimension, empty without blocks. */
    public List<Integer> blockSize() {
        return blockSize;
    }

    /** 0, or 0.5 for a grid without zero. */
    public double zeroPointShift() {
        return zeroPointShift;
    }

    /** The real numbers of the lowest code, row-major. */
    public float[] min() {
        float[] scales = scale.values();
        float[] offsets = offset.values();
        float[] min = new float[scales.length];
        for (int i = 0; i < min.length; i++) {
            min[i] = EncodingMath.min(scales[i], offsets[i], grid, zeroPointShift);
        }
        return min;
    }

    /** The real numbers of the highest code, row-major. */
    public float[] max() {
        float[] scales = scale.values();
        float[] offsets = offset.values();
        float[] max = new float[scales.length];
        for (int i = 0; i < max.length; i++) {
            max[i] = EncodingMath.max(scales[i], offsets[i], grid, zeroPointShift);
        }
        return max;
    }

    @Override
    public Granularity granularity() {
        return granularity(shape, blockSize);
    }

    static Granularity granularity(Shape shape, List<Integer> blockSize) {
        if (shape.rank() == 0) {
            return Granularity.PER_TENSOR;
        }
        if (!blockSize.isEmpty()) {
            return Granularity.PER_BLOCK;
        }
        int several = 0;
        for (int dim : shape.toArray()) {
            several += dim > 1 ? 1 : 0;
        }
        if (several == 0) {
            return Granularity.PER_TENSOR; // AIMET calls a shape of ones per channel; files say per tensor
        }
        return several == 1 ? Granularity.PER_CHANNEL : Granularity.UNKNOWN;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof AffineEncoding encoding && shape.equals(encoding.shape)
                && Arrays.equals(scale.values(), encoding.scale.values())
                && Arrays.equals(offset.values(), encoding.offset.values())
                && grid.equals(encoding.grid) && symmetric == encoding.symmetric
                && blockSize.equals(encoding.blockSize) && zeroPointShift == encoding.zeroPointShift
                && Objects.equals(grouping, encoding.grouping);
    }

    @Override
    public int hashCode() {
        return 31 * (31 * Arrays.hashCode(scale.values()) + Arrays.hashCode(offset.values())) + grid.hashCode();
    }

    @Override
    public String toString() {
        return "AffineEncoding(shape=" + shape + ", " + grid + ", symmetric=" + symmetric + ", scale="
                + scale + ", offset="
                + offset
                + (blockSize.isEmpty() ? "" : ", blockSize=" + blockSize)
                + (zeroPointShift == 0 ? "" : ", zeroPointShift=" + zeroPointShift) + ")";
    }
}
