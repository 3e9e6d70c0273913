package org.bitgrid.tensor.op;

import java.util.List;
import org.bitgrid.tensor.Check;
import org.bitgrid.tensor.DType;
import org.bitgrid.tensor.Shape;
import org.bitgrid.tensor.ShapeException;
import org.bitgrid.tensor.TensorSpec;

/**
 * x (…), low and high of the shape of the statistics (see {@link MinMax}) -> counts, INT64, that shape followed by
 * {@code bins}. x falls into bin min(trunc((x - low) · bins / (high - low)), bins - 1), multiplied before divided, each
 * step rounded to the type of x; what lies below low is counted in the first bin, what lies above high in the last, NaN
 * nowhere.
 */
public record Histogram(int bins) implements NotDifferentiable {
    public Histogram {
        if (bins < 1) {
            throw new ShapeException("histogram", "bins must be at least 1; got " + bins);
        }
    }

    @Override
    public String name() {
        return "histogram";
    }

    @Override
    public String reason() {
        return "it gathers statistics";
    }

    @Override
    public List<TensorSpec> infer(List<TensorSpec> inputs) {
        Check.count(name(), inputs, 3, 3);
        TensorSpec x = inputs.get(0);
        Check.floating(name(), "input", x);
        Check.sameType(name(), "input", x, "low", inputs.get(1));
        Check.sameType(name(), "input", x, "high", inputs.get(2));
        Shape statistics = inputs.get(1).shape();
        Check.shape(name(), "high", inputs.get(2), statistics);
        MinMax.checkStatistics(name(), x.shape(), statistics);
        return List.of(new TensorSpec(statistics.concat(Shape.of(bins)), DType.INT64, x.device()));
    }

    @Override
    public long flops(List<TensorSpec> inputs) {
        return 3 * inputs.get(0).shape().numel();
    }
}
