package org.bitgrid.tensor.op;

import java.util.List;
import org.bitgrid.tensor.Device;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.TensorSpec;

/** x on any device -> the same values on another, row-major without gaps. */
public record ToDevice(Device device) implements Op {
    @Override
    public String name() {
        return "to";
    }

    @Override
    public List<TensorSpec> infer(List<TensorSpec> inputs) {
        TensorSpec x = inputs.get(0);
        return List.of(new TensorSpec(x.shape(), x.dtype(), device));
    }

    @Override
    public Tensor[] vjp(VjpContext context) {
        return new Tensor[] {context.gradOutput().to(context.inputSpec(0).device())};
    }

    @Override
    public boolean movesDataOnly() {
        return true;
    }

    @Override
    public Signature signature() {
        return Signature.function("torch.to").with(device.toString());
    }
}
