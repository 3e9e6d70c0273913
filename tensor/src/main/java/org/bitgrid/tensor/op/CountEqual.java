package org.bitgrid.tensor.op;

import java.util.List;
import org.bitgrid.tensor.Check;
import org.bitgrid.tensor.DType;
import org.bitgrid.tensor.Shape;
import org.bitgrid.tensor.TensorSpec;

/** a, b of one shape and type -> how many elements are equal, INT64 without dimensions: counts right predictions. */
public record CountEqual() implements NotDifferentiable {
    @Override
    public String name() {
        return "count_equal";
    }

    @Override
    public String reason() {
        return "a count is constant almost everywhere";
    }

    @Override
    public List<TensorSpec> infer(List<TensorSpec> inputs) {
        Check.count(name(), inputs, 2, 2);
        Check.sameType(name(), "left operand", inputs.get(0), "right operand", inputs.get(1));
        Check.shape(name(), "right operand", inputs.get(1), inputs.get(0).shape());
        return List.of(new TensorSpec(Shape.SCALAR, DType.INT64, inputs.get(0).device()));
    }

    @Override
    public long flops(List<TensorSpec> inputs) {
        return inputs.get(0).shape().numel();
    }
}
