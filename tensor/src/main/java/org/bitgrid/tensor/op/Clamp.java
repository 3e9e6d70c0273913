package org.bitgrid.tensor.op;

import java.util.List;
import org.bitgrid.tensor.Check;
import org.bitgrid.tensor.DTypeException;
import org.bitgrid.tensor.Dispatch;
import org.bitgrid.tensor.Shape;
import org.bitgrid.tensor.ShapeException;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.TensorSpec;

/**
 * x and tensors of bounds, broadcast together -> min(max(x, least), most). Where x lies between the bounds, both
 * included, it takes the gradient, else the bound that replaced it does; where the bounds cross, most wins.
 *
 * @param least whether the second input is a lower bound
 * @param most  whether the last input is an upper bound
 */
public record Clamp(boolean least, boolean most) implements ComposedOp {
    /** Runs it; one of the bounds may be null. */
    public static Tensor apply(Tensor x, Tensor least, Tensor most) {
        if (least == null && most == null) {
            throw new ShapeException("clamp", "needs a bound; got neither");
        }
        Clamp op = new Clamp(least != null, most != null);
        if (least == null || most == null) {
            return Dispatch.apply(op, x, least == null ? most : least);
        }
        return Dispatch.apply(op, x, least, most);
    }

    @Override
    public String name() {
        return "clamp";
    }

    @Override
    public List<TensorSpec> infer(List<TensorSpec> inputs) {
        int count = 1 + (least ? 1 : 0) + (most ? 1 : 0);
        Check.count(name(), inputs, count, count);
        TensorSpec out = inputs.get(0);
        for (TensorSpec each : inputs) {
            Shape shape = Shape.broadcast(name(), out.shape(), each.shape());
            out = new TensorSpec(shape, Promotion.of(out, each), out.device());
        }
        if (!out.dtype().isFloating() && !out.dtype().isInteger()) {
            throw new DTypeException(name(), "elements must be numbers; got bool; cast them with .to(DType)");
        }
        return List.of(out);
    }

    @Override
    public Tensor[] decompose(Tensor[] inputs) {
        Tensor y = inputs[0];
        if (least) {
            y = Where.apply(y.lt(inputs[1]), inputs[1], y);
        }
        if (most) {
            Tensor bound = inputs[inputs.length - 1];
            y = Where.apply(y.gt(bound), bound, y);
        }
        return new Tensor[] {y};
    }

    @Override
    public long flops(List<TensorSpec> inputs) {
        return infer(inputs).get(0).shape().numel();
    }
}
