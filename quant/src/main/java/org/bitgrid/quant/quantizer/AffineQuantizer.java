package org.bitgrid.quant.quantizer;

import java.util.Arrays;
import java.util.List;
import org.bitgrid.nn.Parameter;
import org.bitgrid.nn.PythonText;
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
import org.bitgrid.tensor.Storage;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.Tensors;
import org.bitgrid.tensor.spi.TensorAccess;

/**
 * A quantizer to evenly spaced numbers. Its range is two parameters, {@code min} and {@code max}, which may learn; scale
 * and offset follow from them by {@link EncodingMath}. With blocks, each block of {@code blockSize} elements has a range.
 */
public abstract class AffineQuantizer extends Quantizer {
    private final Shape shape;
    private final List<Integer> blockSize;
    private final double zeroPointShift;
    private final Parameter min;
    private final Parameter max;
    private final InitialValue initialMin;
    private final InitialValue initialMax;
    private Grid grid;
    private boolean symmetric;
    private boolean minOverwrite = true;
    private boolean maxOverwrite = true;
    private volatile FixedScale fixed;

    protected AffineQuantizer(Shape shape, Grid grid, boolean symmetric, EncodingAnalyzer analyzer,
                              List<Integer> blockSize, double zeroPointShift) {
        super(analyzer == null ? new MinMaxAnalyzer(shape, blockSize) : analyzer);
        if (!blockSize.isEmpty() && blockSize.size() != shape.rank()) {
            throw new ShapeException(typeName(), "block size must have one entry for each dimension of the shape; got "
                    + blockSize + " for shape " + shape);
        }
        if (zeroPointShift != 0 && zeroPointShift != 0.5) {
            throw new ShapeException(typeName(), "zero point shift must be 0 or 0.5; got " + zeroPointShift);
        }
        this.shape = shape;
        this.grid = grid;
        this.symmetric = symmetric;
        this.blockSize = List.copyOf(blockSize);
        this.zeroPointShift = zeroPointShift;
        checkAnalyzer(analyzer());
        min = addParameter("min", new Parameter(Tensors.full(shape, -1, DType.FLOAT32)));
        max = addParameter("max", new Parameter(Tensors.full(shape, 1, DType.FLOAT32)));
        initialMin = new InitialValue(min);
        initialMax = new InitialValue(max);
    }

    /** The tensor a parameter was made with; any other one, or a change of it, initialises the parameter. */
    private static final class InitialValue {
        private final Parameter parameter;
        private Storage storage;
        private int version;

        InitialValue(Parameter parameter) {
            this.parameter = parameter;
            restart();
        }

        void restart() {
            storage = parameter.held().storage();
            version = storage.version();
        }

        boolean isGone() {
            return parameter.held().storage() != storage || storage.version() != version;
        }
    }

    /** Scale and offset while the range does not learn. */
    private record FixedScale(Tensor min, int minVersion, Tensor max, int maxVersion, Grid grid, boolean symmetric,
                              Tensor scale, Tensor offset, AffineEncoding encoding, boolean reciprocal) {
        boolean isOf(AffineQuantizer quantizer) {
            return min.storage() == quantizer.min.held().storage() && min.storage().version() == minVersion
                    && max.storage() == quantizer.max.held().storage() && max.storage().version() == maxVersion
                    && grid.equals(quantizer.grid) && symmetric == quantizer.symmetric;
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
        return min.tensor();
    }

    /** The upper end as it was set or learned. */
    public final Tensor maximum() {
        return max.tensor();
    }

    /** Sets both ends; they must be broadcastable to the shape. */
    public final void setRange(Tensor minimum, Tensor maximum) {
        Tensor low = fitted(minimum);
        Tensor high = fitted(maximum);
        min.set(low);
        max.set(high);
    }

    /** Sets both ends of all ranges. */
    public final void setRange(double minimum, double maximum) {
        setRange(Tensors.scalar(minimum), Tensors.scalar(maximum));
    }

    private Tensor fitted(Tensor end) {
        try (Dispatch.Scope grad = Dispatch.gradEnabled(false)) {
            Tensor value = end.detach();
            if (value.spec().shape().numel() == shape.numel()) {
                return value.reshape(shape.toArray()).clone();
            }
            return value.expand(shape.toArray()).clone();
        }
    }

    @Override
    public final boolean isInitialized() {
        return initialMin.isGone() && initialMax.isGone();
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
        if (minOverwrite) {
            min.set(fitted(range.minimum()));
        }
        if (maxOverwrite) {
            max.set(fitted(range.maximum()));
        }
    }

    // ------------------------------------------------------------------ running

    /** Scale and offset of the range as it is now, with what hangs on them. */
    protected record Scale(Tensor scale, Tensor offset, AffineEncoding encoding, boolean reciprocal) {
    }

    /** Scale and offset, recorded for differentiation when the range learns. */
    protected Scale scale() {
        boolean learns = Dispatch.isGradEnabled() && (min.requiresGrad() || max.requiresGrad());
        if (learns) {
            Tensor[] found = Dispatch.applyAll(new RangeToScale(grid.qmin(), grid.qmax(), symmetric), min.tensor(),
                    max.tensor());
            return new Scale(found[0], found[1], encodingOf(found[0], found[1]), false);
        }
        FixedScale known = fixed;
        if (known == null || !known.isOf(this)) {
            known = computeFixed();
            fixed = known;
        }
        return new Scale(known.scale, known.offset, known.encoding, known.reciprocal);
    }

    private FixedScale computeFixed() {
        try (Dispatch.Scope seen = Dispatch.suspendInterceptors(); Dispatch.Scope grad = Dispatch.gradEnabled(false)) {
            Tensor low = min.held();
            Tensor high = max.held();
            int lowVersion = low.storage().version();
            int highVersion = high.storage().version();
            Tensor[] found = Dispatch.applyAll(new RangeToScale(grid.qmin(), grid.qmax(), symmetric), low, high);
            for (Tensor tensor : found) {
                TensorAccess.get().retain(tensor); // outlives the scope of its first use
            }
            AffineEncoding encoding = encodingOf(found[0], found[1]);
            return new FixedScale(low, lowVersion, high, highVersion, grid, symmetric, found[0], found[1], encoding,
                    isReciprocal(encoding));
        }
    }

    /** Whether AIMET multiplies by 1 / scale for this encoding when its range gets no gradient. */
    private static boolean isReciprocal(AffineEncoding encoding) {
        if (!encoding.blockSize().isEmpty() || encoding.zeroPointShift() != 0) {
            return false;
        }
        if (encoding.shape().numel() == 1) {
            return true;
        }
        int several = 0;
        for (int dim : encoding.shape().toArray()) {
            several += dim > 1 ? 1 : 0;
        }
        if (several != 1) {
            return false;
        }
        for (float offset : encoding.offset()) {
            if (-offset < encoding.grid().qmin() || -offset > encoding.grid().qmax()) {
                return false;
            }
        }
        return true;
    }

    private AffineEncoding encodingOf(Tensor scale, Tensor offset) {
        return new AffineEncoding(shape, scale.toFloatArray(), offset.toFloatArray(), grid, symmetric, blockSize,
                zeroPointShift);
    }

    @Override
    public AffineEncoding encoding() {
        if (!isInitialized()) {
            return null;
        }
        try (Dispatch.Scope grad = Dispatch.gradEnabled(false)) {
            return scale().encoding();
        }
    }

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
                range.shape().equals(shape) ? blockSize : statistics.blockSize(), zeroPointShift);
        int[] dims = range.shape().toArray();
        return run(x, new Scale(Tensors.of(scale, dims), Tensors.of(offset, dims), encoding, isReciprocal(encoding)));
    }

    private Tensor run(Tensor x, Scale given) {
        DType type = x.spec().dtype();
        Scale with = new Scale(given.scale().to(type), given.offset().to(type), given.encoding(), given.reciprocal());
        Tensor y;
        if (with.encoding().blockSize().isEmpty()) {
            y = apply(x, with);
        } else {
            Shape own = with.encoding().shape();
            int[] interleaved = Blocks.interleaved(own).toArray();
            Tensor viewed = Blocks.view(typeName(), x, own, with.encoding().blockSize());
            y = apply(viewed, new Scale(with.scale().reshape(interleaved), with.offset().reshape(interleaved),
                    with.encoding(), false)).reshape(x.spec().shape().toArray());
        }
        return x.device().isMeta() ? y : encodingOfOutput(with.encoding()).attach(y);
    }

    /** Quantizes a tensor to which scale and offset are broadcast. */
    protected abstract Tensor apply(Tensor x, Scale with);

    /** What is known of the tensors that come out. */
    protected abstract TensorEncoding encodingOfOutput(AffineEncoding encoding);

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

    /** Copies range and flags of {@code other} into this quantizer of the same settings. */
    protected final void copyState(AffineQuantizer other) {
        if (other.initialMin.isGone()) {
            min.set(other.min.held().detach().clone());
        }
        if (other.initialMax.isGone()) {
            max.set(other.max.held().detach().clone());
        }
        min.requiresGrad(other.min.requiresGrad());
        max.requiresGrad(other.max.requiresGrad());
        minOverwrite = other.minOverwrite;
        maxOverwrite = other.maxOverwrite;
        train(other.isTraining());
    }
}
