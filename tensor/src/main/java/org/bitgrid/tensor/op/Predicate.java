package org.bitgrid.tensor.op;

import java.util.List;
import org.bitgrid.tensor.Check;
import org.bitgrid.tensor.DType;
import org.bitgrid.tensor.Dispatch;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.TensorSpec;

/** A question about each element, x of any shape -> BOOL of the same shape. */
public record Predicate(Kind kind) implements ComposedOp, NotDifferentiable {
    /** The questions. */
    public enum Kind {
        /** Is it 0 or false? */
        LOGICAL_NOT("logical_not"),
        /** Is it no number? */
        ISNAN("isnan"),
        /** Is it infinite, with either sign? */
        ISINF("isinf"),
        /** Is it a number and not infinite? */
        ISFINITE("isfinite");

        private final String label;

        Kind(String label) {
            this.label = label;
        }
    }

    /** Runs it. */
    public static Tensor apply(Kind kind, Tensor x) {
        return Dispatch.apply(new Predicate(kind), x);
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
        Check.count(name(), inputs, 1, 1);
        return List.of(inputs.get(0).withDType(DType.BOOL));
    }

    @Override
    public Tensor[] decompose(Tensor[] inputs) {
        Tensor x = inputs[0].detach();
        boolean floating = x.dtype().isFloating();
        return new Tensor[] {switch (kind) {
            case LOGICAL_NOT -> x.eq(0.0);
            case ISNAN -> x.ne(x);
            case ISINF -> floating ? x.abs().eq(Double.POSITIVE_INFINITY) : x.ne(x);
            case ISFINITE -> floating ? x.abs().lt(Double.POSITIVE_INFINITY) : x.eq(x);
        }};
    }
}
