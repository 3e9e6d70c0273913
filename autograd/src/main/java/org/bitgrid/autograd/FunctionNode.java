package org.bitgrid.autograd;

import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.Tensors;

/** A function of the user's that ran, with a backward of its own. */
final class FunctionNode extends GradNode {
    private final CustomFunction function;
    private final CustomFunction.Context context;

    FunctionNode(CustomFunction function, CustomFunction.Context context, Tensor[] inputTensors, Tensor[] outputs) {
        super(inputTensors, outputs);
        this.function = function;
        this.context = context;
    }

    @Override
    String name() {
        return function.name();
    }

    @Override
    Tensor[] vjp(Tensor[] gradOutputs, boolean[] needed) {
        Tensor[] grads = gradOutputs.clone();
        for (int i = 0; i < grads.length; i++) {
            if (grads[i] == null) {
                grads[i] = Tensors.fullLike(outputSpecs[i], 0);
            }
        }
        context.prepare(this, needed);
        return function.backward(context, grads);
    }

    @Override
    boolean hasSaved() {
        return context.hasSaved();
    }

    @Override
    void releaseSaved() {
        context.release();
    }
}
