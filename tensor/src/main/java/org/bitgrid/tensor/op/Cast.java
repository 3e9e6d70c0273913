package org.bitgrid.tensor.op;

import java.util.List;
import org.bitgrid.tensor.DType;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.TensorSpec;

/** x -> the same values as another type: fractions are cut off, anything but 0 is true, integers wrap. */
public record Cast(DType dtype) implements Op {
    @Override
    public String name() {
        return "to";
    }

    @Override
    public List<TensorSpec> infer(List<TensorSpec> inputs) {
        return List.of(inputs.get(0).withDType(dtype));
    }

    @Override
    public Tensor[] vjp(VjpContext context) {
        if (!dtype.isFloating()) {
            throw new NotDifferentiableException(name(), "the result is of type " + dtype);
        }
        return new Tensor[] {context.gradOutput().to(context.inputSpec(0).dtype())};
    }

    @Override
    public Signature signature() {
        return Signature.function("torch.to").with("torch." + dtype);
    }
}
