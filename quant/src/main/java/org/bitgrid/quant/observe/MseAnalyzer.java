package org.bitgrid.quant.observe;

import java.util.List;
import org.bitgrid.tensor.Shape;

/** The range with the smallest mean squared error over the histogram, clipped values counting as all others. */
public final class MseAnalyzer extends HistogramAnalyzer {
    /** Finer than the search for the noise ratio, because there is no penalty that keeps it near the whole range. */
    private static final SqnrSettings SETTINGS = new SqnrSettings(65, 201, 21, 1);

    public MseAnalyzer(Shape shape, List<Integer> blockSize) {
        super(shape, blockSize, DEFAULT_BINS, Double.POSITIVE_INFINITY);
    }

    @Override
    public EncodingAnalyzer fresh() {
        return forShape(shape(), blockSize());
    }

    @Override
    public EncodingAnalyzer forShape(Shape otherShape, List<Integer> otherBlockSize) {
        return new MseAnalyzer(otherShape, otherBlockSize);
    }

    @Override
    protected float[] rangeOf(int index, long steps, boolean symmetric) {
        return SqnrSearch.best(histograms(), index, steps, symmetric, SETTINGS);
    }
}
