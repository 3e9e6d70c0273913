package org.bitgrid.nn;

import org.bitgrid.tensor.Tensor;

/** One time step of {@link GRU}. */
public final class GRUCell extends RecurrentCell<GRUCell> {
    public GRUCell(int inputSize, int hiddenSize) {
        super(inputSize, hiddenSize, 3);
    }

    @Override
    GRUCell self() {
        return this;
    }

    @Override
    int stateCount() {
        return 1;
    }

    @Override
    Tensor[] stepFrom(Tensor inputPart, Tensor[] state, Tensor weight, Tensor bias) {
        return new Tensor[] {RecurrentSteps.gru(inputPart, state[0], weight, bias)};
    }
}
