package org.bitgrid.tensor.op;

import java.util.List;
import org.bitgrid.tensor.Check;
import org.bitgrid.tensor.Shape;
import org.bitgrid.tensor.ShapeException;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.TensorSpec;
import org.bitgrid.tensor.Tensors;

/**
 * x (…, H, W) -> x with 0 above its diagonal (lower triangle) or below it (upper triangle).
 *
 * @param offset which diagonal: 0 is the main one, 1 the next to the right
 */
public record Triangle(boolean lower, int offset) implements ComposedOp {
    @Override
    public String name() {
        return lower ? "tril" : "triu";
    }

    @Override
    public List<TensorSpec> infer(List<TensorSpec> inputs) {
        Check.count(name(), inputs, 1, 1);
        if (inputs.get(0).shape().rank() < 2) {
            throw new ShapeException(name(), "needs at least 2 dimensions; got " + inputs.get(0).shape());
        }
        return List.of(inputs.get(0));
    }

    @Override
    public Tensor[] decompose(Tensor[] inputs) {
        Tensor x = inputs[0];
        Shape shape = x.spec().shape();
        Tensor rows = Tensors.arange(shape.dim(-2)).unsqueeze(1).add((long) offset);
        Tensor columns = Tensors.arange(shape.dim(-1));
        Tensor kept = (lower ? columns.le(rows) : columns.ge(rows)).to(x.device());
        return new Tensor[] {Where.apply(kept, x, Where.zero(x))};
    }

    @Override
    public Signature signature() {
        return Signature.function("torch." + name()).keyword("diagonal", offset);
    }
}
