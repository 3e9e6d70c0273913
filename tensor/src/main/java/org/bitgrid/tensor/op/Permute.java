package org.bitgrid.tensor.op;

import java.util.List;
import org.bitgrid.tensor.Layout;
import org.bitgrid.tensor.Shape;
import org.bitgrid.tensor.ShapeException;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.TensorSpec;

/** x -> its dimensions in another order; output dimension i is input dimension axes[i]. Shares memory. */
public record Permute(List<Integer> axes) implements ViewOp {
    public Permute {
        axes = List.copyOf(axes);
    }

    @Override
    public String name() {
        return "permute";
    }

    private int[] order(Shape shape) {
        int rank = shape.rank();
        if (axes.size() != rank) {
            throw new ShapeException(name(), "got " + axes.size() + " dimensions " + axes + " for shape " + shape
                    + "; expected " + rank);
        }
        int[] order = new int[rank];
        boolean[] seen = new boolean[rank];
        for (int i = 0; i < rank; i++) {
            order[i] = shape.checkedAxis(name(), axes.get(i));
            if (seen[order[i]]) {
                throw new ShapeException(name(), "dimension " + order[i] + " is named twice; got " + axes);
            }
            seen[order[i]] = true;
        }
        return order;
    }

    @Override
    public List<TensorSpec> infer(List<TensorSpec> inputs) {
        Layout layout = Layout.contiguous(inputs.get(0).shape());
        return List.of(inputs.get(0).withShape(view(layout).shape()));
    }

    @Override
    public Layout view(Layout input) {
        return input.permute(order(input.shape()));
    }

    @Override
    public Tensor[] vjp(VjpContext context) {
        int[] order = order(context.inputSpec(0).shape());
        Integer[] inverse = new Integer[order.length];
        for (int i = 0; i < order.length; i++) {
            inverse[order[i]] = i;
        }
        return new Tensor[] {context.gradOutput().permute(List.of(inverse))};
    }

    @Override
    public Signature signature() {
        return Signature.function("torch.permute").with(axes.toArray());
    }
}
