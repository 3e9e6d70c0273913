package org.bitgrid.quant.observe;

import java.util.List;
import org.bitgrid.tensor.Shape;
import org.bitgrid.tensor.StateException;

/** The range that holds a percentage of the values, to the width of a histogram bin. */
public final class PercentileAnalyzer extends HistogramAnalyzer {
    private static final double LEAST_PERCENTILE = 50;

    private double percentile;

    /** All values: 100 per cent. */
    public PercentileAnalyzer(Shape shape, List<Integer> blockSize) {
        this(shape, blockSize, 100, DEFAULT_BINS);
    }

    /**
     * @param percentile 50 to 100: as many per cent lie below the upper end, and above the lower end
     * @param bins       number of bins
     */
    public PercentileAnalyzer(Shape shape, List<Integer> blockSize, double percentile, int bins) {
        super(shape, blockSize, bins, Double.POSITIVE_INFINITY);
        setPercentile(percentile);
    }

    public double percentile() {
        return percentile;
    }

    /** Sets the percentage, 50 to 100. Statistics stay as they are. */
    public void setPercentile(double percentile) {
        if (!(percentile >= LEAST_PERCENTILE && percentile <= 100)) {
            throw new StateException("analyzer: percentile must lie between 50 and 100; got " + percentile);
        }
        this.percentile = percentile;
    }

    @Override
    public EncodingAnalyzer fresh() {
        return forShape(shape(), blockSize());
    }

    @Override
    public EncodingAnalyzer forShape(Shape otherShape, List<Integer> otherBlockSize) {
        return new PercentileAnalyzer(otherShape, otherBlockSize, percentile, histograms().bins());
    }

    @Override
    protected float[] rangeOf(int index, long steps, boolean symmetric) {
        float[] edges = histograms().edges(index);
        long[] counts = histograms().countsOf(index);
        if (percentile == 100) {
            return RangeMath.ofPercentile(edges[0], edges[counts.length], steps, symmetric);
        }
        // The thresholds' rounding decides where round totals make exact ties; this is AIMET's.
        float[] cumulative = new float[counts.length];
        double sum = 0;
        for (int i = 0; i < counts.length; i++) {
            sum += counts[i];
            cumulative[i] = (float) sum;
        }
        float total = (float) sum;
        float upper = total * (float) percentile / 100;
        float lower = total * (float) (1 - percentile / 100);
        return RangeMath.ofPercentile(edges[firstReaching(cumulative, lower)], edges[firstReaching(cumulative, upper)],
                steps, symmetric);
    }

    private static int firstReaching(float[] cumulative, float threshold) {
        int index = 0;
        while (index < cumulative.length && cumulative[index] < threshold) {
            index++;
        }
        return index;
    }
}
