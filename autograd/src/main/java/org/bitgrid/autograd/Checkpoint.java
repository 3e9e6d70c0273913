package org.bitgrid.autograd;

import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.bitgrid.tensor.Tensor;

/**
 * Trades time for memory: a segment whose intermediate values are not kept for the backward pass but computed again
 * when it gets there (Chen et al., "Training deep nets with sublinear memory cost", 2016).
 *
 * <p>The segment runs twice. It must depend on nothing but its inputs, parameters and {@code Rng.current()}, which is
 * set back for the second run, and side effects such as running statistics happen twice.
 */
public final class Checkpoint {
    private Checkpoint() {
    }

    /** Runs a segment with one input and one output. */
    public static Tensor run(UnaryOperator<Tensor> segment, Tensor input) {
        return runAll(inputs -> new Tensor[] {segment.apply(inputs[0])}, input)[0];
    }

    /** Runs a segment. */
    public static Tensor[] runAll(Function<Tensor[], Tensor[]> segment, Tensor... inputs) {
        if (!Autograd.isGradEnabled()) {
            return segment.apply(inputs.clone());
        }
        return new CheckpointFrame(segment, inputs).record(inputs);
    }
}
