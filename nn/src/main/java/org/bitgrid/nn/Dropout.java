package org.bitgrid.nn;

import org.bitgrid.tensor.ShapeException;
import org.bitgrid.tensor.Tensor;

/**
 * In training, sets elements to 0 with a probability and scales the others up (Srivastava et al., 2014); in evaluation
 * its input, unchanged. Draws from this thread's generator.
 */
public final class Dropout extends Module {
    private final double probability;

    /** With probability 0.5. */
    public Dropout() {
        this(0.5);
    }

    public Dropout(double probability) {
        if (!(probability >= 0 && probability <= 1)) {
            throw new ShapeException("Dropout", "probability must lie in [0, 1]; got " + probability);
        }
        this.probability = probability;
    }

    public double probability() {
        return probability;
    }

    @Override
    protected Tensor forward(Tensor x) {
        return F.dropout(x, probability, isTraining());
    }

    @Override
    protected String extraRepr() {
        return "p=" + PythonText.number(probability) + ", inplace=False";
    }
}
