package org.bitgrid.tensor.op;

import java.util.List;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.TensorSpec;

/** No input -> a tensor of this shape, type and device, all elements {@code value}. */
public record Fill(TensorSpec spec, double value) implements Op {
    @Override
    public String name() {
        return "full";
    }

    @Override
    public List<TensorSpec> infer(List<TensorSpec> inputs) {
        return List.of(spec);
    }

    @Override
    public Tensor[] vjp(VjpContext context) {
        return new Tensor[0];
    }

    @Override
    public Signature signature() {
        return Signature.function("torch.full").with(spec.shape(), value);
    }
}
