package org.bitgrid.quant.functional;

import org.bitgrid.tensor.Dispatch;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.op.Reduce;

/** Folds dimensions: {@code input, dim = None, keepdim = False}; without dim, all of them. */
public abstract class ReduceModule extends FunctionalModule {
    private final Reduce.Kind kind;

    ReduceModule(Reduce.Kind kind) {
        this.kind = kind;
    }

    /** How numbers are folded. */
    public final Reduce.Kind kind() {
        return kind;
    }

    @Override
    final Tensor[] run(CallArguments arguments) {
        Reduce reduce = new Reduce(kind, arguments.integers(1, "dim"), arguments.flag(2, "keepdim", false));
        return one(Dispatch.function(reduce, arguments.tensor(0, "input")));
    }
}
