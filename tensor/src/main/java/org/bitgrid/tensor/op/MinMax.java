package org.bitgrid.tensor.op;

import java.util.List;
import org.bitgrid.tensor.Check;
import org.bitgrid.tensor.DType;
import org.bitgrid.tensor.Shape;
import org.bitgrid.tensor.ShapeException;
import org.bitgrid.tensor.TensorSpec;

/**
 * x (…) -> smallest and largest elements, each of {@code shape}, and how many elements of x are NaN and how many are
 * infinite, INT64 (2). {@code shape} is aligned at the last dimension; those of size 1, and those it lacks, are folded.
 *
 * @param finiteOnly whether NaN and infinities are passed over (a part without finite elements gives +inf and -inf);
 *                   otherwise NaN wins over everything
 */
public record MinMax(Shape shape, boolean finiteOnly) implements NotDifferentiable {
    @Override
    public String name() {
        return "min_max";
    }

    @Override
    public String reason() {
        return "it gathers statistics";
    }

    @Override
    public List<TensorSpec> infer(List<TensorSpec> inputs) {
        Check.count(name(), inputs, 1, 1);
        TensorSpec x = inputs.get(0);
        Check.floating(name(), "input", x);
        checkStatistics(name(), x.shape(), shape);
        TensorSpec ends = x.withShape(shape);
        return List.of(ends, ends, new TensorSpec(Shape.of(2), DType.INT64, x.device()));
    }

    /** Statistics of this shape can be gathered from x. */
    static void checkStatistics(String operation, Shape x, Shape statistics) {
        if (x.numel() == 0) {
            throw new ShapeException(operation, "input has no elements; got " + x);
        }
        int lead = x.rank() - statistics.rank();
        boolean fits = lead >= 0;
        for (int i = 0; fits && i < statistics.rank(); i++) {
            fits = statistics.dim(i) == 1 || statistics.dim(i) == x.dim(lead + i);
        }
        if (!fits) {
            throw new ShapeException(operation, "statistics of shape " + statistics + " cannot be gathered from a "
                    + "tensor of shape " + x + "; expected sizes of 1 or those of the input, aligned at the last one");
        }
    }

    @Override
    public long flops(List<TensorSpec> inputs) {
        return 2 * inputs.get(0).shape().numel();
    }
}
