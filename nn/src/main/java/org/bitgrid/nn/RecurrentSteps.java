package org.bitgrid.nn;

import org.bitgrid.tensor.Tensor;

/**
 * One time step of recurrent layers, with PyTorch's order of gates. {@code part} is x · weight_ihᵀ + bias_ih
 * (N, gates · H), h and c are (N, H).
 */
final class RecurrentSteps {
    private RecurrentSteps() {
    }

    private static Tensor gate(Tensor gates, int index, int size) {
        return gates.slice(1, (long) index * size, (index + 1L) * size);
    }

    /** Hochreiter and Schmidhuber (1997), gates input, forget, cell, output -> h, c. */
    static Tensor[] lstm(Tensor part, Tensor h, Tensor c, Tensor weight, Tensor bias) {
        int size = h.spec().shape().dim(1);
        Tensor gates = part.add(F.linear(h, weight, bias));
        Tensor kept = gate(gates, 1, size).sigmoid().mul(c);
        Tensor cell = kept.add(gate(gates, 0, size).sigmoid().mul(gate(gates, 2, size).tanh()));
        return new Tensor[] {gate(gates, 3, size).sigmoid().mul(cell.tanh()), cell};
    }

    /** Cho et al. (2014), gates reset, update, new -> h. */
    static Tensor gru(Tensor part, Tensor h, Tensor weight, Tensor bias) {
        int size = h.spec().shape().dim(1);
        Tensor hidden = F.linear(h, weight, bias);
        Tensor reset = gate(part, 0, size).add(gate(hidden, 0, size)).sigmoid();
        Tensor update = gate(part, 1, size).add(gate(hidden, 1, size)).sigmoid();
        Tensor candidate = gate(part, 2, size).add(reset.mul(gate(hidden, 2, size))).tanh();
        return candidate.add(update.mul(h.sub(candidate)));
    }

    /** Elman (1990) -> h. */
    static Tensor rnn(Tensor part, Tensor h, Tensor weight, Tensor bias, boolean relu) {
        Tensor sum = part.add(F.linear(h, weight, bias));
        return relu ? sum.relu() : sum.tanh();
    }
}
