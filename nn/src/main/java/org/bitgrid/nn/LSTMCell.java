package org.bitgrid.nn;

import org.bitgrid.tensor.Tensor;

/** One time step of {@link LSTM}; gives h and c, by {@code callWith}. */
public final class LSTMCell extends RecurrentCell<LSTMCell> {
    public LSTMCell(int inputSize, int hiddenSize) {
        super(inputSize, hiddenSize, 4);
    }

    @Override
    LSTMCell self() {
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
