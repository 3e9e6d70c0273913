package org.bitgrid.nn;

import org.bitgrid.tensor.Tensor;

/** Plain recurrent layers (Elman, 1990): h = tanh(x part + h part), or relu. */
public final class RNN extends RecurrentBase<RNN> {
    private boolean relu;

    public RNN(int inputSize, int hiddenSize) {
        super(inputSize, hiddenSize, 1);
    }

    /** Whether to use relu rather than tanh. Returns this. */
    public RNN relu(boolean on) {
        checkNotBuilt("relu");
        relu = on;
        return this;
    }

    @Override
    RNN self() {
        return this;
    }

    @Override
    int stateCount() {
        return 1;
    }

    @Override
    Tensor[] stepFrom(Tensor inputPart, Tensor[] state, Tensor weight, Tensor bias) {
        return new Tensor[] {RecurrentSteps.rnn(inputPart, state[0], weight, bias, relu)};
    }
}
