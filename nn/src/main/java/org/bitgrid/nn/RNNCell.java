package org.bitgrid.nn;

import org.bitgrid.tensor.Tensor;

/** One time step of {@link RNN}. */
public final class RNNCell extends RecurrentCell<RNNCell> {
    private boolean relu;

    public RNNCell(int inputSize, int hiddenSize) {
        super(inputSize, hiddenSize, 1);
    }

    /** Whether to use relu rather than tanh. Returns this. */
    public RNNCell relu(boolean on) {
        checkNotBuilt("relu");
        relu = on;
        return this;
    }

    @Override
    RNNCell self() {
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

    @Override
    protected String extraRepr() {
        return super.extraRepr() + (relu ? ", nonlinearity=relu" : "");
    }
}
