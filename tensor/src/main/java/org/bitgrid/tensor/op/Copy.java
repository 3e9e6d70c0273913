package org.bitgrid.tensor.op;

import java.util.List;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.TensorSpec;

/** x of any layout -> the same values, row-major without gaps, in fresh memory. */
public record Copy() implements Op {
    @Override
    public String name() {
        return "clone";
    }

    @Override
    public List<TensorSpec> infer(List<TensorSpec> inputs) {
        return List.of(inputs.get(0));
    }

    @Override
    public Tensor[] vjp(VjpContext context) {
        return new Tensor[] {context.gradOutput()};
    }

    @Override
    public boolean movesDataOnly() {
        return true;
    }
}
