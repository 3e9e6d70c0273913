package org.bitgrid.nn;

import org.bitgrid.tensor.Tensor;

/** Modules that run one after the other; children are called 0, 1, 2, … */
public final class Sequential extends Module {
    public Sequential(Module... modules) {
        for (int i = 0; i < modules.length; i++) {
            add(Integer.toString(i), modules[i]);
        }
    }

    /** Adds a module at the end. Returns this. */
    public Sequential append(Module module) {
        add(Integer.toString(namedChildren().size()), module);
        return this;
    }

    @Override
    protected Tensor forward(Tensor x) {
        Tensor value = x;
        for (Module module : namedChildren().values()) {
            value = module.call(value);
        }
        return value;
    }
}
