package org.bitgrid.nn;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bitgrid.nn.init.Init;
import org.bitgrid.nn.init.Initializer;
import org.bitgrid.tensor.Check;
import org.bitgrid.tensor.Shape;
import org.bitgrid.tensor.ShapeException;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.Tensors;

/**
 * Recurrent layers over whole sequences, stacked and in one or both directions. Called with x (T, N, I), or (N, T, I)
 * when batch comes first, and optionally the first state; states are (layers · directions, N, H). The outputs, by
 * {@link #run}, are the last layer's outputs (T, N, directions · H), or (N, T, …), and the last state.
 *
 * <p>Parameters {@code weight_ih_l0} (gates · H, I), {@code weight_hh_l0} (gates · H, H), {@code bias_ih_l0},
 * {@code bias_hh_l0} (gates · H), and so on for further layers, with {@code _reverse} for the other direction; all
 * start uniform in ±1 / sqrt(H).
 *
 * @param <L> the layer itself, for fluent settings
 */
public abstract class RecurrentBase<L extends RecurrentBase<L>> extends Module {
    private final int inputSize;
    private final int hiddenSize;
    private final int gates;
    private int layers = 1;
    private boolean withBias = true;
    private boolean batchFirst;
    private double dropout;
    private boolean bidirectional;

    RecurrentBase(int inputSize, int hiddenSize, int gates) {
        if (inputSize < 1 || hiddenSize < 1) {
            throw new ShapeException(typeName(), "sizes must be at least 1; got " + inputSize + " and " + hiddenSize);
        }
        this.inputSize = inputSize;
        this.hiddenSize = hiddenSize;
        this.gates = gates;
    }

    abstract L self();

    /** How many tensors make up the state: 1, or 2 with a cell. */
    abstract int stateCount();

    /** One time step: the input's part of the gates, the state before, the weights -> the state after. */
    abstract Tensor[] stepFrom(Tensor inputPart, Tensor[] state, Tensor weight, Tensor bias);

    /** How many layers are stacked; 1 by default. Returns this. */
    public final L layers(int count) {
        checkNotBuilt("layers");
        if (count < 1) {
            throw new ShapeException(typeName(), "number of layers must be at least 1; got " + count);
        }
        layers = count;
        return self();
    }

    /** Whether to add biases; true by default. Returns this. */
    public final L bias(boolean bias) {
        checkNotBuilt("bias");
        withBias = bias;
        return self();
    }

    /** Whether sequences are (N, T, I) rather than (T, N, I). Returns this. */
    public final L batchFirst(boolean first) {
        checkNotBuilt("batchFirst");
        batchFirst = first;
        return self();
    }

    /** Probability of dropping outputs between layers, in training; 0 by default. Returns this. */
    public final L dropout(double probability) {
        checkNotBuilt("dropout");
        if (!(probability >= 0 && probability <= 1)) {
            throw new ShapeException(typeName(), "dropout must lie in [0, 1]; got " + probability);
        }
        dropout = probability;
        return self();
    }

    /** Whether a second set of layers reads the sequence backwards. Returns this. */
    public final L bidirectional(boolean both) {
        checkNotBuilt("bidirectional");
        bidirectional = both;
        return self();
    }

    public final int inputSize() {
        return inputSize;
    }

    public final int hiddenSize() {
        return hiddenSize;
    }

    private int directions() {
        return bidirectional ? 2 : 1;
    }

    private static String suffix(int layer, int direction) {
        return "_l" + layer + (direction == 0 ? "" : "_reverse");
    }

    @Override
    protected final void build() {
        Initializer init = Init.uniform(-1 / Math.sqrt(hiddenSize), 1 / Math.sqrt(hiddenSize));
        int rows = gates * hiddenSize;
        for (int layer = 0; layer < layers; layer++) {
            int columns = layer == 0 ? inputSize : hiddenSize * directions();
            for (int direction = 0; direction < directions(); direction++) {
                String suffix = suffix(layer, direction);
                addParameter("weight_ih" + suffix, new Parameter(init.make(rows, columns)));
                addParameter("weight_hh" + suffix, new Parameter(init.make(rows, hiddenSize)));
                if (withBias) {
                    addParameter("bias_ih" + suffix, new Parameter(init.make(rows)));
                    addParameter("bias_hh" + suffix, new Parameter(init.make(rows)));
                }
            }
        }
    }

    private Tensor own(String name) {
        Parameter parameter = ownParameters().get(name);
        return parameter == null ? null : parameter.tensor();
    }

    /** Outputs and last state, as the class comment says. */
    public final Tensor[] run(Tensor... inputs) {
        return callWith(Arrays.<Object>asList((Object[]) inputs));
    }

    @Override
    protected final Tensor[] forwardAll(Tensor... inputs) {
        if (inputs.length != 1 && inputs.length != 1 + stateCount()) {
            throw new ShapeException(typeName(), "takes a sequence, or a sequence and " + stateCount()
                    + " state tensors; got " + inputs.length + " tensors");
        }
        Shape shape = inputs[0].spec().shape();
        if (shape.rank() != 3 || shape.dim(2) != inputSize || shape.numel() == 0) {
            throw new ShapeException(typeName(), "input must be " + (batchFirst ? "(N, T, " : "(T, N, ") + inputSize
                    + ") and not empty; got " + shape);
        }
        Tensor x = batchFirst ? inputs[0].transpose(0, 1) : inputs[0];
        Shape stateShape = Shape.of(layers * directions(), x.spec().shape().dim(1), hiddenSize);
        for (int i = 1; i < inputs.length; i++) {
            Check.shape(typeName(), "state", inputs[i].spec(), stateShape);
        }
        List<List<Tensor>> lastStates = new ArrayList<>();
        for (int i = 0; i < stateCount(); i++) {
            lastStates.add(new ArrayList<>());
        }
        for (int layer = 0; layer < layers; layer++) {
            List<Tensor> outputs = new ArrayList<>();
            for (int direction = 0; direction < directions(); direction++) {
                Tensor[] state = firstState(inputs, x, layer * directions() + direction);
                outputs.add(sweep(x, state, suffix(layer, direction), direction == 1));
                for (int i = 0; i < state.length; i++) {
                    lastStates.get(i).add(state[i]);
                }
            }
            x = outputs.size() == 1 ? outputs.get(0) : Tensors.cat(outputs, 2);
            if (dropout > 0 && layer + 1 < layers) {
                x = F.dropout(x, dropout, isTraining());
            }
        }
        Tensor[] results = new Tensor[1 + stateCount()];
        results[0] = batchFirst ? x.transpose(0, 1) : x;
        for (int i = 0; i < stateCount(); i++) {
            results[1 + i] = Tensors.stack(lastStates.get(i), 0);
        }
        return results;
    }

    private Tensor[] firstState(Tensor[] inputs, Tensor x, int index) {
        Tensor[] state = new Tensor[stateCount()];
        for (int i = 0; i < state.length; i++) {
            state[i] = inputs.length > 1 ? inputs[1 + i].select(0, index) : Tensors.fullLike(
                    x.spec().withShape(Shape.of(x.spec().shape().dim(1), hiddenSize)), 0);
        }
        return state;
    }

    /** Runs one layer in one direction; {@code state} ends up as the last one. */
    private Tensor sweep(Tensor x, Tensor[] state, String suffix, boolean backwards) {
        int length = x.spec().shape().dim(0);
        // The input's part of all steps in one product.
        Tensor parts = F.linear(x, own("weight_ih" + suffix), own("bias_ih" + suffix));
        Tensor weight = own("weight_hh" + suffix);
        Tensor bias = own("bias_hh" + suffix);
        Tensor[] outputs = new Tensor[length];
        for (int i = 0; i < length; i++) {
            int t = backwards ? length - 1 - i : i;
            Tensor[] next = stepFrom(parts.select(0, t), state, weight, bias);
            System.arraycopy(next, 0, state, 0, next.length);
            outputs[t] = next[0];
        }
        return Tensors.stack(Arrays.asList(outputs), 0);
    }

    @Override
    protected final String extraRepr() {
        StringBuilder text = new StringBuilder().append(inputSize).append(", ").append(hiddenSize);
        if (layers != 1) {
            text.append(", num_layers=").append(layers);
        }
        if (!withBias) {
            text.append(", bias=False");
        }
        if (batchFirst) {
            text.append(", batch_first=True");
        }
        if (dropout != 0) {
            text.append(", dropout=").append(PythonText.number(dropout));
        }
        if (bidirectional) {
            text.append(", bidirectional=True");
        }
        return text.toString();
    }
}
