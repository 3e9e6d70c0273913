package org.bitgrid.nn;

import org.bitgrid.tensor.Tensor;

/** Gated recurrent units (Cho et al., 2014), with PyTorch's form of the reset gate. */
public final class GRU extends RecurrentBase<GRU> {
    public GRU(int inputSize, int hiddenSize) {
        super(inputSize, hiddenSize, 3);
    }

    @Override
    GRU self() {
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
