package org.bitgrid.quant.functional;

import java.util.Locale;
import org.bitgrid.tensor.Dispatch;
import org.bitgrid.tensor.Tensor;

/** Elements put around a tensor: {@code input, pad, mode = constant, value = 0}. */
public final class Pad extends FunctionalModule {
    @Override
    Tensor[] run(CallArguments arguments) {
        org.bitgrid.tensor.op.Pad.Mode mode = org.bitgrid.tensor.op.Pad.Mode.valueOf(
                arguments.text(2, "mode", "constant").toUpperCase(Locale.ROOT));
        return one(Dispatch.function(new org.bitgrid.tensor.op.Pad(arguments.integers(1, "pad"), mode,
                arguments.number(3, "value", 0)), arguments.tensor(0, "input")));
    }
}
