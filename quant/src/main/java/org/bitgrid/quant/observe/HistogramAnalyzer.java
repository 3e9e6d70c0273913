package org.bitgrid.quant.observe;

import java.util.List;
import org.bitgrid.tensor.Shape;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.spi.Parallel;

/** An analyzer whose statistics are histograms. */
public abstract class HistogramAnalyzer extends EncodingAnalyzer {
    /** Bins of a histogram where nothing else is said. */
    public static final int DEFAULT_BINS = 2048;

    private final HistogramObserver observer;

    protected HistogramAnalyzer(Shape shape, List<Integer> blockSize, int bins, double growthLimit) {
        super(shape, blockSize);
        observer = new HistogramObserver(bins, growthLimit);
    }

    /** The histograms, one for each element of {@link #shape}. */
    public final HistogramObserver histograms() {
        return observer;
    }

    @Override
    protected final void observe(Tensor x, Shape statistics, NonFiniteCount count) {
        observer.observe(x, statistics, count);
    }

    @Override
    protected final void mergeStatistics(EncodingAnalyzer other) {
        observer.merge(((HistogramAnalyzer) other).observer);
    }

    @Override
    public final boolean isEmpty() {
        return observer.isEmpty();
    }

    @Override
    protected final void clear() {
        observer.clear();
    }

    @Override
    protected final Range range(long steps, boolean symmetric) {
        float[] low = new float[observer.size()];
        float[] high = new float[low.length];
        Parallel.range(low.length, 1, (begin, end) -> {
            for (int i = begin; i < end; i++) {
                float[] ends = rangeOf(i, steps, symmetric);
                low[i] = ends[0];
                high[i] = ends[1];
            }
        });
        return new Range(shape(), low, high);
    }

    /** Lower and upper end for histogram {@code index}. */
    protected abstract float[] rangeOf(int index, long steps, boolean symmetric);
}
