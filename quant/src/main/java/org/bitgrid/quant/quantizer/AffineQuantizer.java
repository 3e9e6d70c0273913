package org.bitgrid.quant.quantizer;

import java.util.Arrays;
import java.util.List;
import org.bitgrid.nn.Parameter;
import org.bitgrid.nn.PythonText;
import org.bitgrid.quant.QuantLog;
import org.bitgrid.quant.encoding.AffineEncoding;
import org.bitgrid.quant.encoding.Blocks;
import org.bitgrid.quant.encoding.EncodingMath;
import org.bitgrid.quant.encoding.Grid;
import org.bitgrid.quant.encoding.RangeToScale;
import org.bitgrid.quant.encoding.TensorEncoding;
import org.bitgrid.quant.observe.EncodingAnalyzer;
import org.bitgrid.quant.observe.MinMaxAnalyzer;
import org.bitgrid.quant.observe.Range;
import org.bitgrid.tensor.DType;
import org.bitgrid.tensor.Dispatch;
import org.bitgrid.tensor.Shape;
import org.bitgrid.tensor.ShapeException;
import org.bitgrid.tensor.StateException;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.Tensors;
import org.bitgrid.tensor.op.Op;

/**
 * A quantizer to evenly spaced numbers. Its range is two parameters, {@code min} and {@code max}, which may learn;
 * scale and offset follow from them by {@link EncodingMath}. With blocks, each block of {@code blockSize} elements has
 * a range.
 *
 * <p>After {@link #reparametrizeToScaleOffset} the parameters are {@code scale} and, unless symmetric, {@code offset}.
 */
public abstract class AffineQuantizer extends Quantizer {
    /** Calibrated ends beyond this part of the largest float are warned of. */
    private static final float NEAR_LARGEST = 0.95f;

    private final Shape shape;
    private final List<Integer> blockSize;
    private double zeroPointShift;
    private Grid grid;
    private boolean symmetric;
    /** min and max, or scale and offset. */
    private TrackedParameter first;
    private TrackedParameter second;
    private boolean scaleOffset;
    private boolean minOverwrite = true;
    private boolean maxOverwrite = true;
    private volatile FixedScale fixed;

    /**
     * @param shape     shape of the ranges, broadcast to tensors from the last dimension
     * @param grid      the codes that may come out
     * @param symmetric whether zero lies at the centre of the grid
     * @param analyzer  finds the range; null for min-max
     * @param blockSize elements for each range along each dimension of {@code shape}, -1 for what the blocks leave;
     *                  empty without blocks
     * @param zeroPointShift 0, or 0.5 for a grid without zero
     */
    protected AffineQuantizer(Shape shape, Grid grid, boolean symmetric, EncodingAnalyzer analyzer,
                              List<Integer> blockSize, double zeroPointShift) {
        super(analyzer == null ? new MinMaxAnalyzer(shape, blockSize) : analyzer);
        if (!blockSize.isEmpty() && blockSize.size() != shape.rank()) {
            throw new ShapeException(typeName(), "block size must have one entry for each dimension of the shape; got "
                    + blockSize + " for shape " + shape);
        }
        checkShift(zeroPointShift);
        this.shape = shape;
        this.grid = grid;
        this.symmetric = symmetric;
        this.blockSize = List.copyOf(blockSize);
        this.zeroPointShift = zeroPointShift;
        checkAnalyzer(analyzer());
        first = new TrackedParameter(Tensors.full(shape, -1, DType.FLOAT32));
        second = new TrackedParameter(Tensors.full(shape, 1, DType.FLOAT32));
        addParameter("min", first.parameter());
        addParameter("max", second.parameter());
    }

    private void checkShift(double shift) {
        if (shift != 0 && shift != 0.5) {
            throw new ShapeException(typeName(), "zero point shift must be 0 or 0.5; got " + shift);
        }
    }

    @Override
    public final Shape shape() {
        return shape;
    }

    /** Elements for each range along each dimension, -1 for whatever the blocks leave; empty without blocks. */
    public final List<Integer> blockSize() {
        return blockSize;
    }

    /** 0, or 0.5 for a grid without zero. */
    public final double zeroPointShift() {
        return zeroPointShift;
    }

    /** The codes that may come out. */
    public final Grid grid() {
        return grid;
    }

    /** Sets the codes that may come out. */
    public final void setGrid(Grid grid) {
        this.grid = grid;
    }

    @Override
    public final int bitwidth() {
        return grid.bitwidth();
    }

    /** Sets the number of bits; a signed grid stays signed and an unsigned one unsigned. */
    @Override
    public final void setBitwidth(int bitwidth) {
        grid = grid.withBitwidth(bitwidth);
    }

    @Override
    public final boolean isSymmetric() {
        return symmetric;
    }

    /** Whether zero is to lie at the centre of the grid. The grid itself stays as it is. */
    @Override
    public final void setSymmetric(boolean symmetric) {
        this.symmetric = symmetric;
    }

    @Override
    public final boolean isSigned() {
        return grid.signed();
    }

    /** Shifts the grid so that it is centred, or starts at 0. */
    @Override
    public final void setSigned(boolean signed) {
        grid = grid.withSigned(signed);
    }

    // ------------------------------------------------------------------ range

    /** The lower end as it was set or learned; {@link AffineEncoding#min} is that of the grid. */
    public final Tensor minimum() {
        return scaleOffset ? Tensors.of(encodingNow().min(), shape.toArray()) : first.parameter().tensor();
    }

    /** The upper end as it was set or learned. */
    public final Tensor maximum() {
        return scaleOffset ? Tensors.of(encodingNow().max(), shape.toArray()) : second.parameter().tensor();
    }

    /** Sets both ends; they must be broadcastable to the shape, or have as many elements. */
    public final void setRange(Tensor minimum, Tensor maximum) {
        Tensor low = fitted(minimum);
        Tensor high = fitted(maximum);
        if (scaleOffset) {
            Tensor[] found = RangeToScale.of(low, high, grid, symmetric);
            low = found[0];
            high = found[1];
        }
        first.parameter().set(low);
        second.parameter().set(high);
    }

    /** Sets both ends of all ranges. */
    public final void setRange(double minimum, double maximum) {
        setRange(Tensors.scalar(minimum), Tensors.scalar(maximum));
    }

    /**
     * Fixes ends of the range for good: calibration does not change them and they do not learn.
     *
     * @param minimum the lower end of all ranges, or null to leave it open
     * @param maximum the upper end of all ranges, or null to leave it open
     */
    public final void fixRange(Double minimum, Double maximum) {
        if (scaleOffset) {
            throw new StateException(typeName()
                    + ": ends cannot be fixed once scale and offset are the parameters; fix "
                    + "them before reparametrizeToScaleOffset");
        }
        if (minimum != null) {
            first.parameter().requiresGrad(false).set(fitted(Tensors.scalar(minimum)));
        }
        if (maximum != null) {
            second.parameter().requiresGrad(false).set(fitted(Tensors.scalar(maximum)));
        }
        allowOverwrite(minimum == null && minOverwrite, maximum == null && maxOverwrite);
        setAnalyzer(new MinMaxAnalyzer(analyzer().shape(), analyzer().blockSize()));
    }

    private Tensor fitted(Tensor end) {
        try (Dispatch.Scope grad = Dispatch.gradEnabled(false)) {
            Tensor value = end.detach().to(first.held().device());
            if (value.spec().shape().numel() == shape.numel()) {
                return value.reshape(shape.toArray()).clone();
            }
            return value.expand(shape.toArray()).clone();
        }
    }

    /**
     * Makes scale and offset the parameters in place of min and max, with the values that follow from these. A
     * symmetric quantizer's offset stays what it is and is no parameter.
     */
    public final void reparametrizeToScaleOffset() {
        if (scaleOffset) {
            return;
        }
        boolean known = isInitialized();
        Tensor[] values = RangeToScale.of(first.held(), second.held(), grid, symmetric);
        boolean learns = first.parameter().requiresGrad() || second.parameter().requiresGrad();
        removeParameter("min");
        removeParameter("max");
        first = new TrackedParameter(values[0]);
        second = new TrackedParameter(values[1]);
        scaleOffset = true;
        addParameter("scale", first.parameter());
        if (symmetric) {
            second.parameter().requiresGrad(false);
        } else {
            addParameter("offset", second.parameter());
        }
        if (known) {
            setKnown();
        }
        requiresGrad(learns);
    }

    private void setKnown() {
        first.parameter().set(first.held().clone());
        second.parameter().set(second.held().clone());
    }

    /** Whether the parameters are scale and offset. */
    public final boolean isScaleOffset() {
        return scaleOffset;
    }

    @Override
    public final boolean isInitialized() {
        return first.isInitialized() && (second.isInitialized() || scaleOffset && symmetric);
    }

    @Override
    public final void allowOverwrite(boolean allowed) {
        minOverwrite = allowed;
        maxOverwrite = allowed;
    }

    /** Allows calibration to change the lower and the upper end, each for itself. */
    public final void allowOverwrite(boolean ofMin, boolean ofMax) {
        minOverwrite = ofMin;
        maxOverwrite = ofMax;
    }

    @Override
    public final boolean isOverwriteAllowed() {
        return minOverwrite || maxOverwrite;
    }

    @Override
    protected final long analyzerSteps() {
        return zeroPointShift == 0 ? grid.steps() : grid.steps() - 1;
    }

    @Override
    protected final void adopt(EncodingAnalyzer statistics) {
        Range range = statistics.computeEncodings(analyzerSteps(), symmetric);
        setRange(minOverwrite ? range.minimum() : minimum(), maxOverwrite ? range.maximum() : maximum());
        warnOfExtremes(range);
    }

    private void warnOfExtremes(Range range) {
        float limit = NEAR_LARGEST * Float.MAX_VALUE;
        for (int i = 0; i < range.min().length; i++) {
            float largest = Math.max(Math.abs(range.min()[i]), Math.abs(range.max()[i]));
            if (!(largest < limit)) {
                QuantLog.warning(QuantLog.Area.QUANT, typeName() + ": calibrated range is not finite, or close to the "
                        + "largest float; got " + range.min()[i] + " to " + range.max()[i]
                        + "; look for overflow in the "
                        + "data");
                return;
            }
        }
    }

    // ------------------------------------------------------------------ scale

    /**
     * Scale and offset of the range as it is now.
     *
     * @param encoding   the same as numbers
     * @param reciprocal whether x is multiplied by 1 / scale, as AIMET does where the range gets no gradient
     */
    protected record Scale(Tensor scale, Tensor offset, AffineEncoding encoding, boolean reciprocal) {
    }

    /** Scale and offset, from what the two parameters hold, recorded when these learn. */
    protected Tensor[] scaleAndOffset(Tensor firstValue, Tensor secondValue) {
        if (!scaleOffset) {
            return Dispatch.applyAll(new RangeToScale(grid.qmin(), grid.qmax(), symmetric), firstValue, secondValue);
        }
        if (symmetric) {
            return new Tensor[] {firstValue, secondValue};
        }
        // Rounded, with the gradient of the value itself; the sum is exact because the difference is.
        Tensor rounding = secondValue.round().sub(secondValue).detach();
        return new Tensor[] {firstValue, secondValue.add(rounding)};
    }

    /** The encoding of this scale and offset. */
    protected AffineEncoding encodingOf(Tensor scale, Tensor offset) {
        return new AffineEncoding(shape, lasting(scale), lasting(offset), grid, symmetric, blockSize, zeroPointShift);
    }

    /** An encoding on a device is read later, when a parameter may have learned on. */
    private Tensor lasting(Tensor tensor) {
        boolean changes = !tensor.device().isCpu() && (tensor.storage() == first.held().storage()
                || tensor.storage() == second.held().storage());
        if (!changes) {
            return tensor;
        }
        try (Dispatch.Scope seen = Dispatch.suspendInterceptors(); Dispatch.Scope grad = Dispatch.gradEnabled(false)) {
            return tensor.clone();
        }
    }

    private Scale scale() {
        boolean learns = Dispatch.isGradEnabled()
                && (first.parameter().requiresGrad() || second.parameter().requiresGrad());
        if (learns) {
            Tensor[] found = scaleAndOffset(first.parameter().tensor(), second.parameter().tensor());
            return new Scale(found[0], found[1], encodingOf(found[0], found[1]), false);
        }
        FixedScale known = fixed;
        if (known == null || !known.isOf(first.held(), second.held(), grid, symmetric)) {
            known = computeFixed();
            fixed = known;
        }
        return known.scale();
    }

    private FixedScale computeFixed() {
        try (Dispatch.Scope seen = Dispatch.suspendInterceptors(); Dispatch.Scope grad = Dispatch.gradEnabled(false)) {
            Tensor firstValue = first.held().detach();
            Tensor secondValue = second.held().detach();
            Tensor[] found = scaleAndOffset(firstValue, secondValue);
            AffineEncoding encoding = encodingOf(found[0], found[1]);
            return FixedScale.of(firstValue, secondValue, grid, symmetric,
                    new Scale(found[0], found[1], encoding, EncodingMath.multipliesByReciprocal(encoding)));
        }
    }

    private AffineEncoding encodingNow() {
        try (Dispatch.Scope grad = Dispatch.gradEnabled(false)) {
            return scale().encoding();
        }
    }

    @Override
    public final AffineEncoding encoding() {
        return isInitialized() ? encodingNow() : null;
    }

    // ------------------------------------------------------------------ running

    @Override
    protected final Tensor quantize(Tensor x) {
        return run(x, scale());
    }

    @Override
    protected final Tensor quantizeDynamically(Tensor x, EncodingAnalyzer statistics) {
        Range range = statistics.computeEncodings(analyzerSteps(), symmetric);
        float[] scale = new float[range.min().length];
        float[] offset = new float[scale.length];
        for (int i = 0; i < scale.length; i++) {
            scale[i] = EncodingMath.signedScale(range.min()[i], range.max()[i], grid.steps());
            offset[i] = symmetric ? EncodingMath.symmetricOffset(grid)
                    : EncodingMath.unclampedOffset(range.min()[i], scale[i], grid);
        }
        AffineEncoding encoding = new AffineEncoding(range.shape(), scale, offset, grid, symmetric,
                statistics.blockSize(), zeroPointShift);
        int[] dims = range.shape().toArray();
        return run(x, new Scale(Tensors.of(scale, dims).to(x.device()), Tensors.of(offset, dims).to(x.device()), encoding,
                EncodingMath.multipliesByReciprocal(encoding)));
    }

    private Tensor run(Tensor x, Scale given) {
        DType type = x.spec().dtype();
        AffineEncoding encoding = given.encoding();
        return attach(Blocks.apply(typeName(), operator(encoding, given.reciprocal()), encoding.blockSize(), x,
                given.scale().to(type), given.offset().to(type)), encoding);
    }

    private Tensor attach(Tensor y, AffineEncoding encoding) {
        return y.device().isMeta() ? y : encodingOfOutput(encoding).attach(y);
    }

    /** The operator of (x, scale, offset) that quantizes. */
    protected abstract Op operator(AffineEncoding encoding, boolean reciprocal);

    /** What is known of the tensors that come out. */
    protected abstract TensorEncoding encodingOfOutput(AffineEncoding encoding);

    // ------------------------------------------------------------------ state

    /**
     * Which parameters are initialised, then qmin, qmax, symmetric, twice the zero point shift, and the block sizes.
     */
    @Override
    protected final Tensor extraState() {
        long[] state = new long[6 + blockSize.size()];
        state[0] = first.isInitialized() ? 1 : 0;
        state[1] = second.isInitialized() ? 1 : 0;
        state[2] = grid.qmin();
        state[3] = grid.qmax();
        state[4] = symmetric ? 1 : 0;
        state[5] = Math.round(2 * zeroPointShift);
        for (int i = 0; i < blockSize.size(); i++) {
            state[6 + i] = blockSize.get(i);
        }
        return Tensors.of(state, state.length);
    }

    @Override
    protected final void loadExtraState(Tensor state) {
        long[] values = state.toLongArray();
        if (values.length != 6 + blockSize.size()) {
            throw new StateException(typeName() + ": state is of a quantizer with another number of block sizes; got "
                    + (values.length - 6) + "; expected " + blockSize.size());
        }
        grid = new Grid(values[2], values[3]);
        symmetric = values[4] != 0;
        checkShift(values[5] / 2.0);
        zeroPointShift = values[5] / 2.0;
        if (values[0] == 0) {
            first.forget();
        }
        if (values[1] == 0) {
            second.forget();
        }
    }

    /** Gives a quantizer of the same settings the range and the flags of this one; returns it. */
    protected final <Q extends AffineQuantizer> Q copyStateTo(Q copy) {
        AffineQuantizer target = copy;
        if (scaleOffset) {
            target.reparametrizeToScaleOffset();
        }
        target.first.copyFrom(first);
        target.second.copyFrom(second);
        target.minOverwrite = minOverwrite;
        target.maxOverwrite = maxOverwrite;
        target.train(isTraining());
        return copy;
    }

    /** The two parameters by name; {@code offset} is absent when symmetric. */
    public final List<Parameter> rangeParameters() {
        return scaleOffset && symmetric ? List.of(first.parameter()) : List.of(first.parameter(), second.parameter());
    }

    @Override
    protected String extraRepr() {
        StringBuilder text = new StringBuilder("shape=").append(Arrays.toString(shape.toArray()));
        if (!blockSize.isEmpty()) {
            text.append(", block_size=").append(blockSize);
        }
        boolean plain = grid.hasBitwidth() && grid.signed() == symmetric;
        text.append(", ").append(plain ? "bitwidth=" + grid.bitwidth() : grid.toString());
        text.append(", symmetric=").append(PythonText.bool(symmetric));
        if (zeroPointShift != 0) {
            text.append(", zero_point_shift=").append(PythonText.number(zeroPointShift));
        }
        return text.toString();
    }
}
