package org.bitgrid.tensor.op;

import java.util.List;
import org.bitgrid.tensor.Check;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.TensorSpec;

/** Codes q (…), scale, offset, both broadcast to q -> (q + offset + zeroPointShift) · scale. */
public record Dequantize(double zeroPointShift) implements ComposedOp {
    @Override
    public String name() {
        return "dequantize";
    }

    @Override
    public List<TensorSpec> infer(List<TensorSpec> inputs) {
        Check.count(name(), inputs, 3, 3);
        return List.of(FakeQuantize.checkInputs(name(), inputs.get(0), inputs.get(1), inputs.get(2)));
    }

    @Override
    public Tensor[] decompose(Tensor[] inputs) {
        Tensor shifted = inputs[0].add(inputs[2]);
        if (zeroPointShift != 0) {
            shifted = shifted.add(zeroPointShift);
        }
        return new Tensor[] {shifted.mul(inputs[1])};
    }

    @Override
    public long flops(List<TensorSpec> inputs) {
        return 2 * inputs.get(0).shape().numel();
    }
}
