package org.bitgrid.nn;

import org.bitgrid.nn.init.Init;
import org.bitgrid.nn.init.Initializer;
import org.bitgrid.tensor.Check;
import org.bitgrid.tensor.Shape;
import org.bitgrid.tensor.ShapeException;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.Tensors;

/**
 * One time step of a recurrent layer, called with x (N, I) and optionally the state, each tensor (N, H); zeros without.
 * Parameters {@code weight_ih} (gates · H, I), {@code weight_hh} (gates · H, H), {@code bias_ih}, {@code bias_hh}.
 *
 * @param <C> the cell itself, for fluent settings
 */
public abstract class RecurrentCell<C extends RecurrentCell<C>> extends Module {
    private final int inputSize;
    private final int hiddenSize;
    private final int gates;
    private boolean withBias = true;

    RecurrentCell(int inputSize, int hiddenSize, int gates) {
        if (inputSize < 1 || hiddenSize < 1) {
            throw new ShapeException(typeName(), "sizes must be at least 1; got " + inputSize + " and " + hiddenSize);
        }
        this.inputSize = inputSize;
        this.hiddenSize = hiddenSize;
        this.gates = gates;
    }

    abstract C self();

    abstract int stateCount();

    abstract Tensor[] stepFrom(Tensor inputPart, Tensor[] state, Tensor weight, Tensor bias);

    /** Whether to add biases; true by default. Returns this. */
    public final C bias(boolean bias) {
        checkNotBuilt("bias");
        withBias = bias;
        return self();
    }

    public final int inputSize() {
        return inputSize;
    }

    public final int hiddenSize() {
        return hiddenSize;
    }

    @Override
    protected final void build() {
        Initializer init = Init.uniform(-1 / Math.sqrt(hiddenSize), 1 / Math.sqrt(hiddenSize));
        addParameter("weight_ih", new Parameter(init.make(gates * hiddenSize, inputSize)));
        addParameter("weight_hh", new Parameter(init.make(gates * hiddenSize, hiddenSize)));
        if (withBias) {
            addParameter("bias_ih", new Parameter(init.make(gates * hiddenSize)));
            addParameter("bias_hh", new Parameter(init.make(gates * hiddenSize)));
        }
    }

    private Tensor own(String name) {
        Parameter parameter = ownParameters().get(name);
        return parameter == null ? null : parameter.tensor();
    }

    @Override
    protected final Tensor[] forwardAll(Tensor... inputs) {
        if (inputs.length != 1 && inputs.length != 1 + stateCount()) {
            throw new ShapeException(typeName(), "takes an input, or an input and " + stateCount()
                    + " state tensors; got " + inputs.length + " tensors");
        }
        Shape shape = inputs[0].spec().shape();
        if (shape.rank() != 2 || shape.dim(1) != inputSize) {
            throw new ShapeException(typeName(), "input must be (N, " + inputSize + "); got " + shape);
        }
        Shape stateShape = Shape.of(shape.dim(0), hiddenSize);
        Tensor[] state = new Tensor[stateCount()];
        for (int i = 0; i < state.length; i++) {
            if (inputs.length > 1) {
                Check.shape(typeName(), "state", inputs[1 + i].spec(), stateShape);
                state[i] = inputs[1 + i];
            } else {
                state[i] = Tensors.fullLike(inputs[0].spec().withShape(stateShape), 0);
            }
        }
        Tensor part = F.linear(inputs[0], own("weight_ih"), own("bias_ih"));
        return stepFrom(part, state, own("weight_hh"), own("bias_hh"));
    }

    @Override
    protected String extraRepr() {
        return inputSize + ", " + hiddenSize + (withBias ? "" : ", bias=False");
    }
}
