package org.bitgrid.tensor.op;

import java.util.List;
import org.bitgrid.tensor.Check;
import org.bitgrid.tensor.DType;
import org.bitgrid.tensor.DTypeException;
import org.bitgrid.tensor.Shape;
import org.bitgrid.tensor.ShapeException;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.TensorSpec;
import org.bitgrid.tensor.Tensors;

/** Class indices (…) -> (…, classes) INT64, 1 at the class and 0 elsewhere; 0 everywhere for what is no class. */
public record OneHot(int classes) implements ComposedOp {
    @Override
    public String name() {
        return "one_hot";
    }

    @Override
    public List<TensorSpec> infer(List<TensorSpec> inputs) {
        Check.count(name(), inputs, 1, 1);
        if (!inputs.get(0).dtype().isInteger()) {
            throw new DTypeException(name(), "indices must be int64 or int32; got " + inputs.get(0).dtype());
        }
        if (classes < 1) {
            throw new ShapeException(name(), "number of classes must be at least 1; got " + classes);
        }
        return List.of(inputs.get(0).withShape(inputs.get(0).shape().concat(Shape.of(classes)))
                .withDType(DType.INT64));
    }

    @Override
    public Tensor[] decompose(Tensor[] inputs) {
        Tensor all = Tensors.arange(classes).to(inputs[0].device());
        return new Tensor[] {inputs[0].unsqueeze(-1).eq(all).to(DType.INT64)};
    }

    @Override
    public Signature signature() {
        return Signature.function("torch.nn.functional.one_hot").with(classes);
    }
}
