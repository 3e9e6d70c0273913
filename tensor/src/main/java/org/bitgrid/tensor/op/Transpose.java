package org.bitgrid.tensor.op;

import java.util.List;
import org.bitgrid.tensor.Layout;
import org.bitgrid.tensor.Shape;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.TensorSpec;

/** x -> two dimensions exchanged; negative ones count from the end. Shares memory. */
public record Transpose(int first, int second) implements ViewOp {
    @Override
    public String name() {
        return "transpose";
    }

    @Override
    public List<TensorSpec> infer(List<TensorSpec> inputs) {
        return List.of(inputs.get(0).withShape(view(Layout.contiguous(inputs.get(0).shape())).shape()));
    }

    @Override
    public Layout view(Layout input) {
        Shape shape = input.shape();
        int a = shape.checkedAxis(name(), first);
        int b = shape.checkedAxis(name(), second);
        int[] order = new int[shape.rank()];
        for (int i = 0; i < order.length; i++) {
            order[i] = i == a ? b : i == b ? a : i;
        }
        return input.permute(order);
    }

    @Override
    public Tensor[] vjp(VjpContext context) {
        return new Tensor[] {context.gradOutput().transpose(first, second)};
    }

    @Override
    public Signature signature() {
        return Signature.function("torch.transpose").with(first, second);
    }
}
