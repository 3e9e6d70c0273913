package org.bitgrid.quant.observe;

import java.util.List;
import org.bitgrid.tensor.Dispatch;
import org.bitgrid.tensor.Shape;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.op.MinMax;

/** The smallest and the largest value seen. NaN in the data gives NaN, infinities the largest finite numbers. */
public final class MinMaxAnalyzer extends EncodingAnalyzer {
    private float[] min;
    private float[] max;

    public MinMaxAnalyzer(Shape shape) {
        this(shape, List.of());
    }

    public MinMaxAnalyzer(Shape shape, List<Integer> blockSize) {
        super(shape, blockSize);
    }

    @Override
    protected void observe(Tensor x, Shape statistics, NonFiniteCount count) {
        Tensor[] found = Dispatch.applyAll(new MinMax(statistics, false), x);
        long[] counts = found[2].toLongArray();
        count.add(counts[0], counts[1]);
        take(found[0].toFloatArray(), found[1].toFloatArray());
    }

    private void take(float[] newMin, float[] newMax) {
        if (min == null) {
            min = newMin.clone();
            max = newMax.clone();
            return;
        }
        for (int i = 0; i < min.length; i++) {
            min[i] = Math.min(min[i], newMin[i]);
            max[i] = Math.max(max[i], newMax[i]);
        }
    }

    @Override
    protected void mergeStatistics(EncodingAnalyzer other) {
        take(((MinMaxAnalyzer) other).min, ((MinMaxAnalyzer) other).max);
    }

    @Override
    public boolean isEmpty() {
        return min == null;
    }

    @Override
    protected void clear() {
        min = null;
        max = null;
    }

    @Override
    public EncodingAnalyzer fresh() {
        return new MinMaxAnalyzer(shape(), blockSize());
    }

    @Override
    public EncodingAnalyzer forShape(Shape otherShape, List<Integer> otherBlockSize) {
        return new MinMaxAnalyzer(otherShape, otherBlockSize);
    }

    @Override
    protected Range range(long steps, boolean symmetric) {
        float[] low = new float[min.length];
        float[] high = new float[min.length];
        for (int i = 0; i < min.length; i++) {
            float[] ends = RangeMath.ofMinMax(min[i], max[i], steps, symmetric);
            low[i] = ends[0];
            high[i] = ends[1];
        }
        return new Range(shape(), low, high);
    }
}
