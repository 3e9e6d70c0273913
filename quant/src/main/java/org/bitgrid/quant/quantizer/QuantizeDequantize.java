package org.bitgrid.quant.quantizer;

import java.util.List;
import org.bitgrid.quant.encoding.AffineEncoding;
import org.bitgrid.quant.encoding.Grid;
import org.bitgrid.quant.encoding.TensorEncoding;
import org.bitgrid.quant.observe.EncodingAnalyzer;
import org.bitgrid.tensor.Shape;
import org.bitgrid.tensor.op.FakeQuantize;
import org.bitgrid.tensor.op.Op;

/** Moves every element to the nearest number on the grid: quantizes and dequantizes at once. */
public class QuantizeDequantize extends AffineQuantizer {
    /** For all numbers of {@code bitwidth} bits, signed when symmetric. */
    public QuantizeDequantize(Shape shape, int bitwidth, boolean symmetric) {
        this(shape, bitwidth, symmetric, null, List.of());
    }

    /**
     * For all numbers of {@code bitwidth} bits, signed when symmetric.
     *
     * @param analyzer  finds the range; null for min-max
     * @param blockSize elements for each range along each dimension of {@code shape}, -1 for what the blocks leave
     */
    public QuantizeDequantize(Shape shape, int bitwidth, boolean symmetric, EncodingAnalyzer analyzer,
                              List<Integer> blockSize) {
        this(shape, Grid.ofBits(bitwidth, symmetric), symmetric, analyzer, blockSize, 0);
    }

    /** For the codes {@code qmin} to {@code qmax}. */
    public QuantizeDequantize(Shape shape, long qmin, long qmax, boolean symmetric) {
        this(shape, new Grid(qmin, qmax), symmetric, null, List.of(), 0);
    }

    /** With everything said; see {@link AffineQuantizer}. */
    public QuantizeDequantize(Shape shape, Grid grid, boolean symmetric, EncodingAnalyzer analyzer,
                              List<Integer> blockSize, double zeroPointShift) {
        super(shape, grid, symmetric, analyzer, blockSize, zeroPointShift);
    }

    @Override
    protected Op operator(AffineEncoding encoding, boolean reciprocal) {
        return new FakeQuantize(encoding.grid().qmin(), encoding.grid().qmax(), encoding.zeroPointShift(), reciprocal);
    }

    @Override
    protected TensorEncoding encodingOfOutput(AffineEncoding encoding) {
        return new TensorEncoding(encoding, false);
    }

    @Override
    public QuantizeDequantize copy() {
        return copyStateTo(new QuantizeDequantize(shape(), grid(), isSymmetric(), analyzer().fresh(), blockSize(),
                zeroPointShift()));
    }
}
