package org.bitgrid.quant.quantizer;

import java.util.Arrays;
import java.util.List;
import org.bitgrid.nn.Buffer;
import org.bitgrid.quant.encoding.Blocks;
import org.bitgrid.quant.encoding.EncodingMath;
import org.bitgrid.quant.encoding.FloatEncoding;
import org.bitgrid.quant.encoding.FloatFormat;
import org.bitgrid.quant.encoding.TensorEncoding;
import org.bitgrid.quant.observe.EncodingAnalyzer;
import org.bitgrid.quant.observe.MinMaxAnalyzer;
import org.bitgrid.quant.observe.Range;
import org.bitgrid.tensor.DType;
import org.bitgrid.tensor.Shape;
import org.bitgrid.tensor.StateException;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.Tensors;
import org.bitgrid.tensor.op.FloatFakeQuantize;

/**
 * Moves every element to the nearest number of a floating-point format. Formats of fewer than 16 bits are scaled so
 * that the largest number seen in calibration becomes the format's largest; without calibration the scale is 1. Always
 * initialised.
 */
public final class FloatQuantizeDequantize extends Quantizer {
    private static final int UNSCALED_BITS = 16;

    private final FloatFormat format;
    private final Shape shape;
    private final List<Integer> blockSize;
    private final Buffer maxval;
    private boolean saturating = true;
    private boolean straightThrough;
    private boolean overwrite = true;

    /** For a format, with one scale. */
    public FloatQuantizeDequantize(FloatFormat format) {
        this(format, Shape.SCALAR, null, List.of());
    }

    /** For an IEEE-like format of these bits, with one scale. */
    public FloatQuantizeDequantize(int exponentBits, int mantissaBits) {
        this(FloatFormat.of(exponentBits, mantissaBits));
    }

    /**
     * @param shape     shape of the scales, broadcast to tensors from the last dimension
     * @param analyzer  finds the largest number; null for min-max, or for none with formats of 16 bits and more
     * @param blockSize elements for each scale along each dimension of {@code shape}, -1 for what the blocks leave;
     *                  empty without blocks
     */
    public FloatQuantizeDequantize(FloatFormat format, Shape shape, EncodingAnalyzer analyzer,
                                   List<Integer> blockSize) {
        super(analyzer != null || format.bitwidth() >= UNSCALED_BITS ? analyzer : new MinMaxAnalyzer(shape, blockSize));
        this.format = format;
        this.shape = shape;
        this.blockSize = List.copyOf(blockSize);
        straightThrough = format.isNative();
        if (analyzer() != null) {
            checkAnalyzer(analyzer());
        }
        maxval = addBuffer("maxval", new Buffer(Tensors.full(shape, format.max(), DType.FLOAT32)));
    }

    public FloatFormat format() {
        return format;
    }

    @Override
    public Shape shape() {
        return shape;
    }

    public List<Integer> blockSize() {
        return blockSize;
    }

    /** The largest number to be expressed, of {@link #shape}: the format's largest, or what calibration found. */
    public Tensor maxval() {
        return maxval.tensor();
    }

    /** Sets the largest number to be expressed. */
    public void setMaxval(Tensor value) {
        int[] dims = shape.toArray();
        Tensor here = value.detach().to(maxval.tensor().device());
        maxval.set(here.spec().shape().numel() == shape.numel() ? here.reshape(dims).clone()
                : here.expand(dims).clone());
    }

    /**
     * Whether numbers beyond the largest become the largest; otherwise infinite, or NaN in formats without infinities.
     */
    public boolean isSaturating() {
        return saturating;
    }

    /** Sets what numbers beyond the largest become. Returns this. */
    public FloatQuantizeDequantize saturating(boolean saturates) {
        saturating = saturates;
        return this;
    }

    /**
     * Sets whether gradients pass unchanged within the range. At first as in AIMET: they do for formats that PyTorch
     * has, and are 0 for others. Returns this.
     */
    public FloatQuantizeDequantize straightThrough(boolean passes) {
        straightThrough = passes;
        return this;
    }

    @Override
    public int bitwidth() {
        return format.bitwidth();
    }

    /** An error, unless it is the bit width of the format: a format is chosen with the quantizer. */
    @Override
    public void setBitwidth(int bitwidth) {
        if (bitwidth != format.bitwidth()) {
            throw new StateException(typeName() + ": the bitwidth follows from the format; got " + bitwidth
                    + "; expected " + format.bitwidth() + "; make a quantizer of another format");
        }
    }

    @Override
    public boolean isSymmetric() {
        return true;
    }

    /** An error, unless true. */
    @Override
    public void setSymmetric(boolean symmetric) {
        checkTrue("symmetric", symmetric);
    }

    @Override
    public boolean isSigned() {
        return true;
    }

    /** An error, unless true. */
    @Override
    public void setSigned(boolean signed) {
        checkTrue("signed", signed);
    }

    private void checkTrue(String what, boolean value) {
        if (!value) {
            throw new StateException(typeName() + ": floating-point formats are " + what + " always");
        }
    }

    @Override
    public boolean isInitialized() {
        return true;
    }

    @Override
    public void allowOverwrite(boolean allowed) {
        overwrite = allowed;
    }

    @Override
    public boolean isOverwriteAllowed() {
        return overwrite;
    }

    @Override
    protected long analyzerSteps() {
        return (1L << format.bitwidth()) - 1;
    }

    @Override
    protected void adopt(EncodingAnalyzer statistics) {
        setMaxval(largest(statistics));
    }

    private Tensor largest(EncodingAnalyzer statistics) {
        Range range = statistics.computeEncodings(analyzerSteps(), false);
        float[] largest = new float[range.min().length];
        for (int i = 0; i < largest.length; i++) {
            largest[i] = Math.max(Math.abs(range.min()[i]), Math.abs(range.max()[i]));
        }
        return Tensors.of(largest, range.shape().toArray());
    }

    private FloatEncoding encodingOf(Tensor largest, List<Integer> blocks) {
        float[] scale = largest.toFloatArray();
        for (int i = 0; i < scale.length; i++) {
            scale[i] = EncodingMath.floatScale(scale[i], format);
        }
        return new FloatEncoding(format, largest.spec().shape(), scale, blocks);
    }

    @Override
    public FloatEncoding encoding() {
        return encodingOf(maxval(), blockSize);
    }

    @Override
    protected Tensor quantize(Tensor x) {
        return run(x, encoding());
    }

    @Override
    protected Tensor quantizeDynamically(Tensor x, EncodingAnalyzer statistics) {
        return run(x, encodingOf(largest(statistics), statistics.blockSize()));
    }

    private Tensor run(Tensor x, FloatEncoding encoding) {
        FloatFakeQuantize op = new FloatFakeQuantize(format.mantissaBits(), format.minExponent(), format.max(),
                saturating,
                format.finite(), straightThrough);
        Tensor scale = Tensors.of(encoding.scale(), encoding.shape().toArray()).to(x.device())
                .to(x.spec().dtype());
        Tensor y = Blocks.apply(typeName(), op, encoding.blockSize(), x, scale);
        return y.device().isMeta() ? y : new TensorEncoding(encoding, false).attach(y);
    }

    @Override
    public FloatQuantizeDequantize copy() {
        FloatQuantizeDequantize copy = new FloatQuantizeDequantize(format, shape,
                analyzer() == null ? null : analyzer().fresh(), blockSize);
        copy.maxval.set(maxval().clone());
        copy.saturating = saturating;
        copy.straightThrough = straightThrough;
        copy.overwrite = overwrite;
        copy.train(isTraining());
        return copy;
    }

    @Override
    protected String extraRepr() {
        String settings = format.toString();
        if (shape.rank() > 0) {
            settings += ", shape=" + Arrays.toString(shape.toArray());
        }
        return blockSize.isEmpty() ? settings : settings + ", block_size=" + blockSize;
    }
}
