package org.bitgrid.tensor.op;

import java.util.List;
import java.util.Map;
import org.bitgrid.tensor.Check;
import org.bitgrid.tensor.Dispatch;
import org.bitgrid.tensor.ShapeException;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.TensorSpec;

/**
 * weight (V, E), index (…) -> rows of the weight (…, E).
 *
 * @param paddingIndex row that gets no gradient, or -1
 */
public record Embedding(int paddingIndex) implements ComposedOp {
    @Override
    public String name() {
        return "embedding";
    }

    @Override
    public List<TensorSpec> infer(List<TensorSpec> inputs) {
        Check.count(name(), inputs, 2, 2);
        Check.rank(name(), "weight", inputs.get(0), 2);
        if (paddingIndex < -1 || paddingIndex >= inputs.get(0).shape().dim(0)) {
            throw new ShapeException(name(), "padding index is not a row; got " + paddingIndex + "; expected -1 to "
                    + (inputs.get(0).shape().dim(0) - 1));
        }
        return new IndexSelect(0).infer(inputs);
    }

    @Override
    public Tensor[] decompose(Tensor[] inputs) {
        Tensor rows = Dispatch.apply(new IndexSelect(0), inputs);
        if (paddingIndex >= 0) {
            rows = Where.apply(inputs[1].eq((double) paddingIndex).unsqueeze(-1), rows.detach(), rows);
        }
        return new Tensor[] {rows};
    }

    @Override
    public Signature signature() {
        return new Signature("torch.nn.functional.embedding", "", List.of(new Signature.Input(1),
                new Signature.Input(0)), Map.of());
    }
}
