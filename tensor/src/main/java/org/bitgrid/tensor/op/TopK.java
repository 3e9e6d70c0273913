package org.bitgrid.tensor.op;

import java.util.List;
import org.bitgrid.tensor.Check;
import org.bitgrid.tensor.DType;
import org.bitgrid.tensor.Dispatch;
import org.bitgrid.tensor.Shape;
import org.bitgrid.tensor.ShapeException;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.TensorSpec;

/** x -> its k largest (or smallest) elements along a dimension, in order, and where they were (INT64). */
public record TopK(int count, int axis, boolean largest) implements ComposedOp {
    @Override
    public String name() {
        return "topk";
    }

    @Override
    public List<TensorSpec> infer(List<TensorSpec> inputs) {
        Check.count(name(), inputs, 1, 1);
        Shape shape = inputs.get(0).shape();
        if (shape.rank() == 0) {
            throw new ShapeException(name(), "a tensor without dimensions has no order; got " + shape);
        }
        int at = shape.checkedAxis(name(), axis);
        if (count < 0 || count > shape.dim(at)) {
            throw new ShapeException(name(), "k is out of range; got " + count + "; expected 0 to " + shape.dim(at));
        }
        TensorSpec values = inputs.get(0).withShape(shape.with(at, count));
        return List.of(values, values.withDType(DType.INT64));
    }

    @Override
    public Tensor[] decompose(Tensor[] inputs) {
        Tensor[] sorted = Dispatch.applyAll(new Sort(axis, largest), inputs[0]);
        return new Tensor[] {sorted[0].slice(axis, 0, count), sorted[1].slice(axis, 0, count)};
    }

    @Override
    public Signature signature() {
        return Signature.function("torch.topk").with(count).keyword("dim", axis).keyword("largest", largest);
    }
}
