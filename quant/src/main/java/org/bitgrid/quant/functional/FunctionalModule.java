package org.bitgrid.quant.functional;

import java.util.List;
import org.bitgrid.nn.Module;
import org.bitgrid.tensor.Tensor;

/** A function as a module: no parameters, no state; prints as its name and empty parentheses. */
public abstract class FunctionalModule extends Module {
    @Override
    protected final Tensor[] forwardWith(List<Object> arguments) {
        return run(new CallArguments(typeName(), arguments));
    }

    /** Runs the function. */
    abstract Tensor[] run(CallArguments arguments);

    static Tensor[] one(Tensor output) {
        return new Tensor[] {output};
    }
}
