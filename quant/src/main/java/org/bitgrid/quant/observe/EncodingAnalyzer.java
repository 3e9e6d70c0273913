package org.bitgrid.quant.observe;

import java.util.List;
import org.bitgrid.quant.QuantScheme;
import org.bitgrid.quant.encoding.Blocks;
import org.bitgrid.tensor.DType;
import org.bitgrid.tensor.Dispatch;
import org.bitgrid.tensor.Shape;
import org.bitgrid.tensor.ShapeException;
import org.bitgrid.tensor.StateException;
import org.bitgrid.tensor.Tensor;

/**
 * Gathers statistics of tensors, batch after batch, and chooses the range that a quantizer should cover. Its memory
 * does not grow with the number of batches. Ranges always include 0.
 *
 * <p>Statistics have a shape, aligned at a tensor's last dimension; dimensions of size 1, and those it lacks, are
 * folded: () for one range, (C, 1, 1) for one for each channel of images, or one for each block of {@code blockSize}.
 */
public abstract class EncodingAnalyzer {
    private final Shape shape;
    private final List<Integer> blockSize;
    private final NonFiniteCount nonFinite = new NonFiniteCount();

    protected EncodingAnalyzer(Shape shape, List<Integer> blockSize) {
        if (!blockSize.isEmpty() && blockSize.size() != shape.rank()) {
            throw new ShapeException("analyzer", "block size must have one entry for each dimension of the shape; got "
                    + blockSize + " for shape " + shape);
        }
        this.shape = shape;
        this.blockSize = List.copyOf(blockSize);
    }

    /** The analyzer of a scheme, without blocks. */
    public static EncodingAnalyzer of(QuantScheme scheme, Shape shape) {
        return of(scheme, shape, List.of());
    }

    /**
     * The analyzer of a scheme.
     *
     * @param shape     shape of the ranges
     * @param blockSize elements for each range along each dimension of {@code shape}, empty without blocks
     */
    public static EncodingAnalyzer of(QuantScheme scheme, Shape shape, List<Integer> blockSize) {
        return switch (scheme) {
            case MIN_MAX, RANGE_LEARNING_TF_INIT -> new MinMaxAnalyzer(shape, blockSize);
            case TF_ENHANCED, RANGE_LEARNING_TF_ENHANCED_INIT -> SqnrAnalyzer.tfEnhanced(shape, blockSize);
            case PERCENTILE -> new PercentileAnalyzer(shape, blockSize);
            case MSE -> new MseAnalyzer(shape, blockSize);
            case ENTROPY -> new EntropyAnalyzer(shape, blockSize);
            case MOVING_AVERAGE -> new MovingAverageAnalyzer(shape, blockSize);
        };
    }

    /** Shape of the ranges. */
    public final Shape shape() {
        return shape;
    }

    /** Elements for each range along each dimension, empty without blocks. */
    public final List<Integer> blockSize() {
        return blockSize;
    }

    /** Takes a batch into the statistics. An empty one is passed over. */
    public final void update(Tensor x) {
        if (x.spec().shape().numel() == 0) {
            return;
        }
        try (Dispatch.Scope grad = Dispatch.gradEnabled(false); Dispatch.Scope seen = Dispatch.suspendInterceptors()) {
            boolean blocked = !blockSize.isEmpty();
            Tensor values = x.detach().to(DType.FLOAT32);
            Tensor viewed = blocked ? Blocks.view("analyzer", values, shape, blockSize) : values;
            observe(viewed, blocked ? Blocks.interleaved(shape) : shape, nonFinite);
        }
    }

    /**
     * Takes a batch into the statistics.
     *
     * @param x          the batch, viewed so that {@code statistics} is broadcast to it
     * @param statistics shape of the statistics; as many elements as {@link #shape}, in the same order
     */
    protected abstract void observe(Tensor x, Shape statistics, NonFiniteCount count);

    /**
     * Adds the statistics of another analyzer of the same kind and settings, as if its batches had come after this
     * one's.
     */
    public final void merge(EncodingAnalyzer other) {
        if (other.getClass() != getClass() || !other.shape.equals(shape) || !other.blockSize.equals(blockSize)) {
            throw new StateException("analyzer: only analyzers of one kind and shape can be merged; got "
                    + other + " and " + this);
        }
        if (!other.isEmpty()) {
            mergeStatistics(other);
        }
        nonFinite.add(other.nonFinite);
    }

    protected abstract void mergeStatistics(EncodingAnalyzer other);

    /** Whether nothing was observed since the start or the last {@link #reset}. */
    public abstract boolean isEmpty();

    /** Forgets all statistics. */
    public final void reset() {
        nonFinite.clear();
        clear();
    }

    protected abstract void clear();

    /** An analyzer of the same settings without statistics. */
    public abstract EncodingAnalyzer fresh();

    /** An analyzer of the same settings for another shape, without statistics. */
    public abstract EncodingAnalyzer forShape(Shape otherShape, List<Integer> otherBlockSize);

    /** How many values that are not finite were observed. */
    public final NonFiniteCount nonFinite() {
        return nonFinite;
    }

    /**
     * The range that the statistics ask for.
     *
     * @param steps     number of steps of the grid, such as 255 for 8 bits
     * @param symmetric whether zero is to lie at the centre of the grid
     * @throws StateException when nothing was observed
     */
    public final Range computeEncodings(long steps, boolean symmetric) {
        if (steps <= 0) {
            throw new StateException("analyzer: the number of steps must be positive; got " + steps);
        }
        if (isEmpty()) {
            throw new StateException("analyzer: no statistics present to compute encodings; update it with data first");
        }
        return range(steps, symmetric);
    }

    /** The range for statistics that are there. */
    protected abstract Range range(long steps, boolean symmetric);

    /** The range that this tensor alone asks for; statistics stay as they are. */
    public final Range computeDynamicEncodings(Tensor x, long steps, boolean symmetric) {
        EncodingAnalyzer alone = fresh();
        alone.update(x);
        return alone.computeEncodings(steps, symmetric);
    }

    @Override
    public String toString() {
        return getClass().getSimpleName() + "(shape=" + shape + (blockSize.isEmpty() ? "" : ", blockSize=" + blockSize)
                + ")";
    }
}
