package org.bitgrid.nn;

import org.bitgrid.tensor.Tensor;

/** Long short-term memory (Hochreiter and Schmidhuber, 1997); the state is h and c. */
public final class LSTM extends RecurrentBase<LSTM> {
    public LSTM(int inputSize, int hiddenSize) {
        super(inputSize, hiddenSize, 4);
    }

    @Override
    LSTM self() {
        return this;
    }

    @Override
    int stateCount() {
        return 2;
    }

    @Override
    Tensor[] stepFrom(Tensor inputPart, Tensor[] state, Tensor weight, Tensor bias) {
        return RecurrentSteps.lstm(inputPart, state[0], state[1], weight, bias);
    }
}
