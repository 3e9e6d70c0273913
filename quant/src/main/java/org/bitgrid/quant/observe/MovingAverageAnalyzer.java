package org.bitgrid.quant.observe;

import java.util.List;
import org.bitgrid.tensor.Dispatch;
import org.bitgrid.tensor.Shape;
import org.bitgrid.tensor.StateException;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.op.MinMax;

/**
 * Exponential moving average of the smallest and the largest value of each batch: m + c · (batch - m), starting at the
 * first batch. NaN and infinities are passed over.
 *
 * <p>What is kept is the weighted sum of all batches but for the start's further weight (1 - c)^batches, so that two
 * halves can be joined to exactly what one pass would have given.
 */
public final class MovingAverageAnalyzer extends EncodingAnalyzer {
    /** PyTorch's averaging constant. */
    public static final double DEFAULT_CONSTANT = 0.01;

    private final double constant;
    private double[] firstMin;
    private double[] firstMax;
    private double[] minSum;
    private double[] maxSum;
    private long batches;

    public MovingAverageAnalyzer(Shape shape, List<Integer> blockSize) {
        this(shape, blockSize, DEFAULT_CONSTANT);
    }

    /**
     * @param constant c, above 0 and at most 1
     */
    public MovingAverageAnalyzer(Shape shape, List<Integer> blockSize, double constant) {
        super(shape, blockSize);
        if (!(constant > 0 && constant <= 1)) {
            throw new StateException("analyzer: averaging constant must lie in (0, 1]; got " + constant);
        }
        this.constant = constant;
    }

    @Override
    protected void observe(Tensor x, Shape statistics, NonFiniteCount count) {
        Tensor[] found = Dispatch.applyAll(new MinMax(statistics, true), x);
        long[] notFinite = found[2].toLongArray();
        count.add(notFinite[0], notFinite[1]);
        double[] low = found[0].toDoubleArray();
        double[] high = found[1].toDoubleArray();
        for (int i = 0; i < low.length; i++) {
            if (low[i] > high[i]) {
                throw new StateException("analyzer: Input tensor cannot contain only infinite or only NaN values; got "
                        + "no finite value" + (low.length == 1 ? "" : " for statistic " + i + " of " + low.length));
            }
        }
        if (batches == 0) {
            firstMin = low;
            firstMax = high;
            minSum = new double[low.length];
            maxSum = new double[low.length];
        }
        for (int i = 0; i < low.length; i++) {
            minSum[i] = (1 - constant) * minSum[i] + constant * low[i];
            maxSum[i] = (1 - constant) * maxSum[i] + constant * high[i];
        }
        batches++;
    }

    @Override
    protected void mergeStatistics(EncodingAnalyzer other) {
        MovingAverageAnalyzer later = (MovingAverageAnalyzer) other;
        if (later.constant != constant) {
            throw new StateException("analyzer: only averages of one constant can be merged; got " + later.constant
                    + " and " + constant);
        }
        if (batches == 0) {
            firstMin = later.firstMin.clone();
            firstMax = later.firstMax.clone();
            minSum = later.minSum.clone();
            maxSum = later.maxSum.clone();
        } else {
            double kept = StrictMath.pow(1 - constant, later.batches);
            for (int i = 0; i < minSum.length; i++) {
                minSum[i] = kept * minSum[i] + later.minSum[i];
                maxSum[i] = kept * maxSum[i] + later.maxSum[i];
            }
        }
        batches += later.batches;
    }

    @Override
    public boolean isEmpty() {
        return batches == 0;
    }

    @Override
    protected void clear() {
        batches = 0;
    }

    @Override
    public EncodingAnalyzer fresh() {
        return forShape(shape(), blockSize());
    }

    @Override
    public EncodingAnalyzer forShape(Shape otherShape, List<Integer> otherBlockSize) {
        return new MovingAverageAnalyzer(otherShape, otherBlockSize, constant);
    }

    @Override
    protected Range range(long steps, boolean symmetric) {
        double start = StrictMath.pow(1 - constant, batches);
        float[] low = new float[minSum.length];
        float[] high = new float[minSum.length];
        for (int i = 0; i < low.length; i++) {
            float[] ends = RangeMath.ofMinMax((float) (minSum[i] + start * firstMin[i]),
                    (float) (maxSum[i] + start * firstMax[i]), steps, symmetric);
            low[i] = ends[0];
            high[i] = ends[1];
        }
        return new Range(shape(), low, high);
    }
}
