package org.bitgrid.quant;

import java.util.List;
import org.bitgrid.quant.encoding.AffineEncoding;
import org.bitgrid.quant.encoding.Blocks;
import org.bitgrid.quant.encoding.Grid;
import org.bitgrid.quant.encoding.TensorEncoding;
import org.bitgrid.tensor.DType;
import org.bitgrid.tensor.StateException;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.Tensors;
import org.bitgrid.tensor.op.Dequantize;
import org.bitgrid.tensor.op.FakeQuantize;
import org.bitgrid.tensor.op.Quantize;

/**
 * Quantization as functions, for those who keep scale and offset themselves, and what can be done with tensors that
 * came out of a quantizer. Scale and offset are broadcast to the tensor, or hold for its blocks; all are
 * differentiable.
 *
 * <p>real = (code + offset) · scale. Grids: {@link Grid#ofBits}, {@link Grid#ofSteps} or {@code new Grid(qmin, qmax)}.
 */
public final class QF {
    private QF() {
    }

    /** Codes of an unsigned grid of this many bits. */
    public static Tensor quantize(Tensor tensor, Tensor scale, Tensor offset, int bitwidth) {
        return quantize(tensor, scale, offset, Grid.ofBits(bitwidth, false), List.of());
    }

    /** Codes of a grid of this many bits. */
    public static Tensor quantize(Tensor tensor, Tensor scale, Tensor offset, int bitwidth, boolean signed) {
        return quantize(tensor, scale, offset, Grid.ofBits(bitwidth, signed), List.of());
    }

    /**
     * Codes clamp(round(x / scale) - offset, qmin, qmax).
     *
     * @param blockSize elements for each scale along each dimension of scale, -1 for what the blocks leave; empty
     *                  without blocks
     */
    public static Tensor quantize(Tensor tensor, Tensor scale, Tensor offset, Grid grid, List<Integer> blockSize) {
        return Blocks.apply("quantize", new Quantize(grid.qmin(), grid.qmax()), blockSize, tensor, scale, offset);
    }

    /** Numbers of codes: (q + offset) · scale. */
    public static Tensor dequantize(Tensor codes, Tensor scale, Tensor offset) {
        return dequantize(codes, scale, offset, List.of());
    }

    /** Numbers of codes: (q + offset) · scale, for blocks as in {@link #quantize}. */
    public static Tensor dequantize(Tensor codes, Tensor scale, Tensor offset, List<Integer> blockSize) {
        return Blocks.apply("dequantize", new Dequantize(0), blockSize, codes, scale, offset);
    }

    /** The nearest numbers on an unsigned grid of this many bits. */
    public static Tensor quantizeDequantize(Tensor tensor, Tensor scale, Tensor offset, int bitwidth) {
        return quantizeDequantize(tensor, scale, offset, Grid.ofBits(bitwidth, false), List.of());
    }

    /** The nearest numbers on a grid of this many bits. */
    public static Tensor quantizeDequantize(Tensor tensor, Tensor scale, Tensor offset, int bitwidth, boolean signed) {
        return quantizeDequantize(tensor, scale, offset, Grid.ofBits(bitwidth, signed), List.of());
    }

    /** The nearest numbers on a grid, for blocks as in {@link #quantize}. */
    public static Tensor quantizeDequantize(Tensor tensor, Tensor scale, Tensor offset, Grid grid,
                                            List<Integer> blockSize) {
        return quantizeDequantize(tensor, scale, offset, grid, blockSize, 0);
    }

    /** The nearest numbers on a grid that is shifted by a part of a step: 0, or 0.5 for a grid without zero. */
    public static Tensor quantizeDequantize(Tensor tensor, Tensor scale, Tensor offset, Grid grid,
                                            List<Integer> blockSize, double zeroPointShift) {
        return Blocks.apply("quantize_dequantize", new FakeQuantize(grid.qmin(), grid.qmax(), zeroPointShift, false),
                blockSize, tensor, scale, offset);
    }

    // ------------------------------------------------------------------ tensors that know their encoding

    /** Whether the tensor holds codes and knows what they stand for. */
    public static boolean isQuantized(Tensor tensor) {
        TensorEncoding known = TensorEncoding.of(tensor);
        return known != null && known.codes();
    }

    /** Whether the tensor holds numbers on a grid that it knows. */
    public static boolean isDequantized(Tensor tensor) {
        TensorEncoding known = TensorEncoding.of(tensor);
        return known != null && !known.codes();
    }

    /** The numbers that a quantized tensor's codes stand for; a dequantized tensor as it is. */
    public static Tensor dequantize(Tensor tensor) {
        if (isDequantized(tensor)) {
            return tensor;
        }
        AffineEncoding encoding = affine("dequantize", tensor);
        return new TensorEncoding(encoding, false).attach(Blocks.apply("dequantize", new Dequantize(
                encoding.zeroPointShift()), encoding.blockSize(), tensor, on(tensor, encoding, encoding.scale()),
                on(tensor, encoding, encoding.offset())));
    }

    /** The codes of a dequantized tensor; a quantized tensor as it is. */
    public static Tensor quantize(Tensor tensor) {
        if (isQuantized(tensor)) {
            return tensor;
        }
        AffineEncoding encoding = affine("quantize", tensor);
        if (encoding.zeroPointShift() != 0) {
            throw new StateException("quantize: codes of a shifted grid are not defined; got zero point shift "
                    + encoding.zeroPointShift());
        }
        return new TensorEncoding(encoding, true).attach(Blocks.apply("quantize", new Quantize(encoding.grid().qmin(),
                encoding.grid().qmax()), encoding.blockSize(), tensor, on(tensor, encoding, encoding.scale()),
                on(tensor, encoding, encoding.offset())));
    }

    /**
     * The codes as integers of the narrowest type that holds the grid: UINT8 for grids within 0 to 255, INT8, else
     * INT32, or INT64 for unsigned codes of 32 bits.
     */
    public static Tensor quantizedRepr(Tensor tensor) {
        Grid grid = affine("quantizedRepr", tensor).grid();
        return quantize(tensor).detach().to(integerType(grid));
    }

    /** The narrowest integer type that holds all codes of a grid. */
    public static DType integerType(Grid grid) {
        if (grid.qmin() >= 0 && grid.qmax() <= 255) {
            return DType.UINT8;
        }
        if (grid.qmin() >= Byte.MIN_VALUE && grid.qmax() <= Byte.MAX_VALUE) {
            return DType.INT8;
        }
        return grid.qmin() >= Integer.MIN_VALUE && grid.qmax() <= Integer.MAX_VALUE ? DType.INT32 : DType.INT64;
    }

    private static AffineEncoding affine(String operation, Tensor tensor) {
        TensorEncoding known = TensorEncoding.of(tensor);
        if (known == null || !(known.encoding() instanceof AffineEncoding encoding)) {
            throw new StateException(operation + ": the tensor does not know its encoding; got "
                    + (known == null ? "none" : known.encoding()) + "; quantize it with a quantizer, or pass scale and "
                    + "offset");
        }
        return encoding;
    }

    /** Numbers of an encoding as a tensor of the type and on the device of another. */
    private static Tensor on(Tensor tensor, AffineEncoding encoding, float[] numbers) {
        return Tensors.of(numbers, encoding.shape().toArray()).to(tensor.device()).to(tensor.dtype());
    }
}
