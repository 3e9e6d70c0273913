package org.bitgrid.quant.functional;

import org.bitgrid.tensor.Dispatch;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.op.Pointwise1;

/** A function of each element. */
public abstract class UnaryModule extends FunctionalModule {
    private final Pointwise1.Kind kind;

    UnaryModule(Pointwise1.Kind kind) {
        this.kind = kind;
    }

    /** The function. */
    public final Pointwise1.Kind kind() {
        return kind;
    }

    @Override
    final Tensor[] run(CallArguments arguments) {
        return one(Dispatch.function(new Pointwise1(kind), arguments.tensor(0, "input")));
    }
}
