package org.bitgrid.quant.encoding;

import java.util.Arrays;
import java.util.List;
import org.bitgrid.tensor.Shape;

/** The encoding of a quantizer to a floating-point format: the format, and a scale where one was calibrated. */
public final class FloatEncoding implements Encoding {
    private final FloatFormat format;
    private final Shape shape;
    private final float[] scale;
    private final List<Integer> blockSize;

    /**
     * @param shape     shape of the scales
     * @param scale     what values are divided by before they are rounded, row-major; 1 where nothing was calibrated
     * @param blockSize elements for each scale along each dimension, empty without blocks
     */
    public FloatEncoding(FloatFormat format, Shape shape, float[] scale, List<Integer> blockSize) {
        this.format = format;
        this.shape = shape;
        this.scale = scale.clone();
        this.blockSize = List.copyOf(blockSize);
    }

    public FloatFormat format() {
        return format;
    }

    public Shape shape() {
        return shape;
    }

    /** Scales, row-major, as a fresh array. */
    public float[] scale() {
        return scale.clone();
    }

    public List<Integer> blockSize() {
        return blockSize;
    }

    @Override
    public int bitwidth() {
        return format.bitwidth();
    }

    @Override
    public Granularity granularity() {
        return AffineEncoding.granularity(shape, blockSize);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof FloatEncoding encoding && format.equals(encoding.format)
                && shape.equals(encoding.shape) && Arrays.equals(scale, encoding.scale)
                && blockSize.equals(encoding.blockSize);
    }

    @Override
    public int hashCode() {
        return 31 * format.hashCode() + Arrays.hashCode(scale);
    }

    @Override
    public String toString() {
        return "FloatEncoding(" + format + ", shape=" + shape + ")";
    }
}
