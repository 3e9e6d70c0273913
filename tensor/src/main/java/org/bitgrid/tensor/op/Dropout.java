package org.bitgrid.tensor.op;

import java.util.List;
import org.bitgrid.tensor.Check;
import org.bitgrid.tensor.Dispatch;
import org.bitgrid.tensor.Rng;
import org.bitgrid.tensor.ShapeException;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.TensorSpec;

/**
 * x -> x / (1 - probability) where an element is kept, 0 where it is dropped. Element i in row-major order is kept when
 * {@code new Rng(seed).floatAt(i) >= probability}, so that the gradient finds the same elements without a stored mask.
 */
public record Dropout(double probability, long seed) implements Randomized {
    public Dropout {
        if (!(probability >= 0 && probability <= 1)) {
            throw new ShapeException("dropout", "probability must lie in [0, 1]; got " + probability);
        }
    }

    @Override
    public String name() {
        return "dropout";
    }

    /** What kept elements are multiplied by: 1 / (1 - probability), 0 when everything is dropped. */
    public double scale() {
        return probability == 1 ? 0 : 1 / (1 - probability);
    }

    @Override
    public Op redraw(Rng rng) {
        return new Dropout(probability, rng.nextLong());
    }

    @Override
    public List<TensorSpec> infer(List<TensorSpec> inputs) {
        Check.count(name(), inputs, 1, 1);
        Check.floating(name(), "input", inputs.get(0));
        return List.of(inputs.get(0));
    }

    @Override
    public Tensor[] vjp(VjpContext context) {
        return new Tensor[] {Dispatch.apply(this, context.gradOutput())};
    }

    @Override
    public long flops(List<TensorSpec> inputs) {
        return inputs.get(0).shape().numel();
    }

    @Override
    public Signature signature() {
        return Signature.function("torch.nn.functional.dropout").keyword("p", probability).keyword("training", true)
                .keyword("inplace", false);
    }
}
