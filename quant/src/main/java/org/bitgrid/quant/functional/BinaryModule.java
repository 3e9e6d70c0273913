package org.bitgrid.quant.functional;

import org.bitgrid.tensor.Dispatch;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.op.Pointwise2;
import org.bitgrid.tensor.op.PointwiseScalar;

/** A function of two operands, each a tensor or a number but not both numbers; shapes are broadcast. */
public abstract class BinaryModule extends FunctionalModule {
    private final Pointwise2.Kind kind;

    BinaryModule(Pointwise2.Kind kind) {
        this.kind = kind;
    }

    /** The function. */
    public final Pointwise2.Kind kind() {
        return kind;
    }

    @Override
    final Tensor[] run(CallArguments arguments) {
        Object first = arguments.value(0, "input");
        Object second = arguments.value(1, "other");
        return one(apply(arguments, first, second));
    }

    private Tensor apply(CallArguments arguments, Object first, Object second) {
        if (first instanceof Tensor a && second instanceof Tensor b) {
            return Dispatch.function(new Pointwise2(kind), a, b);
        }
        boolean reversed = second instanceof Tensor;
        Object number = reversed ? first : second;
        if (!(number instanceof Number value)) {
            throw arguments.fault(reversed ? "input" : "other", "a tensor or a number", number);
        }
        if (!((reversed ? second : first) instanceof Tensor tensor)) {
            throw arguments.fault("input", "a tensor, as not both operands may be numbers", first);
        }
        boolean integral = value instanceof Long || value instanceof Integer;
        return Dispatch.function(new PointwiseScalar(kind, value.doubleValue(), integral, reversed), tensor);
    }
}
