package org.bitgrid.tensor.op;

import java.util.List;
import org.bitgrid.tensor.Check;
import org.bitgrid.tensor.DType;
import org.bitgrid.tensor.Dispatch;
import org.bitgrid.tensor.Shape;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.TensorSpec;

/** a, b of any types, broadcast together -> BOOL; everything but 0 counts as true. */
public record Logical(Kind kind) implements ComposedOp, NotDifferentiable {
    /** The connectives. */
    public enum Kind {
        AND("logical_and"), OR("logical_or"), XOR("logical_xor");

        private final String label;

        Kind(String label) {
            this.label = label;
        }
    }

    /** Runs it. */
    public static Tensor apply(Kind kind, Tensor a, Tensor b) {
        return Dispatch.apply(new Logical(kind), a, b);
    }

    @Override
    public String name() {
        return kind.label;
    }

    @Override
    public String reason() {
        return "its result is boolean";
    }

    @Override
    public List<TensorSpec> infer(List<TensorSpec> inputs) {
        Check.count(name(), inputs, 2, 2);
        Shape shape = Shape.broadcast(name(), inputs.get(0).shape(), inputs.get(1).shape());
        return List.of(new TensorSpec(shape, DType.BOOL, inputs.get(0).device()));
    }

    @Override
    public Tensor[] decompose(Tensor[] inputs) {
        Tensor a = truth(inputs[0].detach());
        Tensor b = truth(inputs[1].detach());
        return new Tensor[] {switch (kind) {
            case AND -> a.mul(b);
            case OR -> a.maximum(b);
            case XOR -> a.ne(b);
        }};
    }

    private static Tensor truth(Tensor x) {
        return x.dtype() == DType.BOOL ? x : x.ne(0.0);
    }
}
