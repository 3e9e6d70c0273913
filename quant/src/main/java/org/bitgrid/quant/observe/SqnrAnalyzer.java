package org.bitgrid.quant.observe;

import java.util.List;
import org.bitgrid.tensor.Shape;

/**
 * The range with the best ratio of signal to quantization noise (AIMET's "tf_enhanced"): of a set of candidate scales
 * and offsets the one with the smallest squared error over the histogram, errors of clipped values counting gamma
 * times.
 */
public final class SqnrAnalyzer extends HistogramAnalyzer {
    private static final int TF_ENHANCED_BINS = 512;
    private static final double TF_ENHANCED_GROWTH = 3;

    private final SqnrSettings settings;
    private final double growthLimit;

    /** With 2048 bins, AIMET's candidates and gamma = 3. */
    public SqnrAnalyzer(Shape shape, List<Integer> blockSize) {
        this(shape, blockSize, DEFAULT_BINS, Double.POSITIVE_INFINITY, SqnrSettings.DEFAULTS);
    }

    /**
     * @param growthLimit how far the range may grow beyond the first batch's, see {@link HistogramObserver}
     */
    public SqnrAnalyzer(Shape shape, List<Integer> blockSize, int bins, double growthLimit, SqnrSettings settings) {
        super(shape, blockSize, bins, growthLimit);
        this.settings = settings;
        this.growthLimit = growthLimit;
    }

    /** The one that simulations use: 512 bins, range limited to 1.5 times the first batch's beyond each end. */
    public static SqnrAnalyzer tfEnhanced(Shape shape, List<Integer> blockSize) {
        return new SqnrAnalyzer(shape, blockSize, TF_ENHANCED_BINS, TF_ENHANCED_GROWTH, SqnrSettings.DEFAULTS);
    }

    @Override
    public EncodingAnalyzer fresh() {
        return forShape(shape(), blockSize());
    }

    @Override
    public EncodingAnalyzer forShape(Shape otherShape, List<Integer> otherBlockSize) {
        return new SqnrAnalyzer(otherShape, otherBlockSize, histograms().bins(), growthLimit, settings);
    }

    @Override
    protected float[] rangeOf(int index, long steps, boolean symmetric) {
        return SqnrSearch.best(histograms(), index, steps, symmetric, settings);
    }
}
