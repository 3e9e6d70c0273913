package org.bitgrid.quant.quantizer;

import java.util.List;
import org.bitgrid.quant.encoding.AffineEncoding;
import org.bitgrid.quant.encoding.Grid;
import org.bitgrid.quant.encoding.TensorEncoding;
import org.bitgrid.quant.observe.EncodingAnalyzer;
import org.bitgrid.tensor.Shape;
import org.bitgrid.tensor.ShapeException;
import org.bitgrid.tensor.op.Op;

/** Turns every element into its code: a whole number of the grid, stored as floating point. */
public final class Quantize extends AffineQuantizer {
    /** For all numbers of {@code bitwidth} bits, signed when symmetric. */
    public Quantize(Shape shape, int bitwidth, boolean symmetric) {
        this(shape, bitwidth, symmetric, null, List.of());
    }

    /**
     * For all numbers of {@code bitwidth} bits, signed when symmetric.
     *
     * @param analyzer  finds the range; null for min-max
     * @param blockSize elements for each range along each dimension of {@code shape}, -1 for what the blocks leave
     */
    public Quantize(Shape shape, int bitwidth, boolean symmetric, EncodingAnalyzer analyzer, List<Integer> blockSize) {
        this(shape, Grid.ofBits(bitwidth, symmetric), symmetric, analyzer, blockSize, 0);
    }

    /** For the codes {@code qmin} to {@code qmax}. */
    public Quantize(Shape shape, long qmin, long qmax, boolean symmetric) {
        this(shape, new Grid(qmin, qmax), symmetric, null, List.of(), 0);
    }

    /** With everything said; the zero point shift must be 0. */
    public Quantize(Shape shape, Grid grid, boolean symmetric, EncodingAnalyzer analyzer, List<Integer> blockSize,
                    double zeroPointShift) {
        super(shape, grid, symmetric, analyzer, blockSize, zeroPointShift);
        if (zeroPointShift != 0) {
            throw new ShapeException("Quantize", "codes of a shifted grid are not defined; got zero point shift "
                    + zeroPointShift + "; use QuantizeDequantize");
        }
    }

    @Override
    protected Op operator(AffineEncoding encoding, boolean reciprocal) {
        return new org.bitgrid.tensor.op.Quantize(encoding.grid().qmin(), encoding.grid().qmax());
    }

    @Override
    protected TensorEncoding encodingOfOutput(AffineEncoding encoding) {
        return new TensorEncoding(encoding, true);
    }

    @Override
    public Quantize copy() {
        return copyStateTo(new Quantize(shape(), grid(), isSymmetric(), analyzer().fresh(), blockSize(), 0));
    }
}
