package org.bitgrid.tensor.op;

import java.util.ArrayList;
import java.util.List;
import org.bitgrid.tensor.Layout;
import org.bitgrid.tensor.Shape;
import org.bitgrid.tensor.ShapeException;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.TensorSpec;

/** x -> repeated along dimensions of size 1, without copying; -1 keeps a size, new dimensions come first. */
public record Expand(List<Long> dims) implements ViewOp, Rebindable {
    public Expand {
        dims = List.copyOf(dims);
    }

    public static Expand of(int... dims) {
        List<Long> sizes = new ArrayList<>(dims.length);
        for (int dim : dims) {
            sizes.add((long) dim);
        }
        return new Expand(sizes);
    }

    @Override
    public String name() {
        return "expand";
    }

    @Override
    public List<TensorSpec> infer(List<TensorSpec> inputs) {
        return List.of(inputs.get(0).withShape(target(inputs.get(0).shape())));
    }

    private Shape target(Shape from) {
        int lead = dims.size() - from.rank();
        int[] sizes = new int[dims.size()];
        for (int i = 0; i < sizes.length; i++) {
            int own = i < lead ? -1 : lead < 0 ? -1 : from.dim(i - lead);
            long size = dims.get(i);
            if (lead < 0 || size == -1 && i < lead || size != -1 && own != -1 && own != 1 && size != own || size < -1) {
                throw new ShapeException(name(), "cannot expand " + from + " to "
                        + dims.toString().replace('[', '(').replace(']', ')')
                        + "; expected equal sizes, -1, or a size of 1 in the input");
            }
            sizes[i] = size == -1 ? own : (int) size;
        }
        if (lead < 0) {
            throw new ShapeException(name(), "cannot expand " + from + " to fewer dimensions; got " + dims);
        }
        return Shape.of(sizes);
    }

    @Override
    public Layout view(Layout input) {
        return input.expand(target(input.shape()));
    }

    @Override
    public Tensor[] vjp(VjpContext context) {
        return new Tensor[] {SumTo.apply(context.gradOutput(), context.inputSpec(0))};
    }

    @Override
    public List<Long> integers() {
        return dims;
    }

    @Override
    public Op withIntegers(List<Long> values) {
        return new Expand(values);
    }

    @Override
    public Signature signature() {
        return Signature.function("torch.expand").withIntegers(0, dims.size());
    }
}
