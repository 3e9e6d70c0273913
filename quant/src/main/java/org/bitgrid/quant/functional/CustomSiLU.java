package org.bitgrid.quant.functional;

import org.bitgrid.nn.Module;
import org.bitgrid.nn.Sigmoid;
import org.bitgrid.tensor.Tensor;

/** x · sigmoid(x) as targets compute it: a sigmoid and a product, each a module of its own. */
public final class CustomSiLU extends Module {
    public CustomSiLU() {
        add("sigmoid", new Sigmoid());
        add("mul", new Multiply());
    }

    @Override
    protected Tensor forward(Tensor x) {
        return get("mul").call(x, get("sigmoid").call(x));
    }
}
