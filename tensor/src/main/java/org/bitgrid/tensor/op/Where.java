package org.bitgrid.tensor.op;

import java.util.List;
import org.bitgrid.tensor.Check;
import org.bitgrid.tensor.DType;
import org.bitgrid.tensor.DTypeException;
import org.bitgrid.tensor.Dispatch;
import org.bitgrid.tensor.Shape;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.TensorSpec;
import org.bitgrid.tensor.Tensors;

/** condition (BOOL), a, b, broadcast together -> a where the condition holds, else b. */
public record Where() implements Op {
    /** Runs it; operands of different types are promoted to one first. */
    public static Tensor apply(Tensor condition, Tensor a, Tensor b) {
        DType type = Promotion.of(a, b);
        return Dispatch.function(new Where(), condition, a.to(type), b.to(type));
    }

    /** A zero without dimensions, of the type and device of {@code like}. */
    static Tensor zero(Tensor like) {
        return Tensors.fullLike(like.spec().withShape(Shape.SCALAR), 0);
    }

    @Override
    public String name() {
        return "where";
    }

    @Override
    public List<TensorSpec> infer(List<TensorSpec> inputs) {
        if (inputs.get(0).dtype() != DType.BOOL) {
            throw new DTypeException(name(), "condition must be bool; got " + inputs.get(0).dtype());
        }
        TensorSpec a = inputs.get(1);
        TensorSpec b = inputs.get(2);
        Check.sameType(name(), "first value", a, "second value", b);
        Shape values = Shape.broadcast(name(), a.shape(), b.shape());
        return List.of(a.withShape(Shape.broadcast(name(), inputs.get(0).shape(), values)));
    }

    @Override
    public Reads reads() {
        return Reads.inputs(0);
    }

    @Override
    public Tensor[] vjp(VjpContext context) {
        Tensor grad = context.gradOutput();
        Tensor zero = zero(grad);
        return new Tensor[] {null,
            context.needs(1) ? SumTo.apply(apply(context.input(0), grad, zero), context.inputSpec(1)) : null,
            context.needs(2) ? SumTo.apply(apply(context.input(0), zero, grad), context.inputSpec(2)) : null};
    }
}
