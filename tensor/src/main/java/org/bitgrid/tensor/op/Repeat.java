package org.bitgrid.tensor.op;

import java.util.List;
import org.bitgrid.tensor.Check;
import org.bitgrid.tensor.Shape;
import org.bitgrid.tensor.ShapeException;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.TensorSpec;

/** x -> copies of x side by side, {@code counts[i]} of them along dimension i; new dimensions come first. */
public record Repeat(List<Integer> counts) implements ComposedOp {
    public Repeat {
        counts = List.copyOf(counts);
    }

    @Override
    public String name() {
        return "repeat";
    }

    @Override
    public List<TensorSpec> infer(List<TensorSpec> inputs) {
        Check.count(name(), inputs, 1, 1);
        Shape shape = inputs.get(0).shape();
        int lead = counts.size() - shape.rank();
        if (lead < 0 || counts.stream().anyMatch(count -> count < 0)) {
            throw new ShapeException(name(), "needs a count of at least 0 for every dimension; got " + counts + " for "
                    + shape);
        }
        int[] dims = new int[counts.size()];
        for (int i = 0; i < dims.length; i++) {
            dims[i] = Math.multiplyExact(counts.get(i), i < lead ? 1 : shape.dim(i - lead));
        }
        return List.of(inputs.get(0).withShape(Shape.of(dims)));
    }

    @Override
    public Tensor[] decompose(Tensor[] inputs) {
        Shape shape = inputs[0].spec().shape();
        int rank = counts.size();
        int[] apart = new int[2 * rank];
        int[] wide = new int[2 * rank];
        int[] joined = new int[rank];
        for (int i = 0; i < rank; i++) {
            int size = i < rank - shape.rank() ? 1 : shape.dim(i - rank + shape.rank());
            apart[2 * i] = 1;
            wide[2 * i] = counts.get(i);
            apart[2 * i + 1] = size;
            wide[2 * i + 1] = size;
            joined[i] = counts.get(i) * size;
        }
        return new Tensor[] {inputs[0].reshape(apart).expand(wide).reshape(joined)};
    }

    @Override
    public boolean movesDataOnly() {
        return true;
    }

    @Override
    public Signature signature() {
        return Signature.function("torch.Tensor.repeat").with(counts.toArray());
    }
}
