package org.bitgrid.nn;

import org.bitgrid.tensor.Tensor;

/** x where above a threshold, else a value, element by element. */
public final class Threshold extends Module {
    private final double threshold;
    private final double value;

    /**
     * @param threshold what x must exceed
     * @param value what stands for smaller elements
     */
    public Threshold(double threshold, double value) {
        this.threshold = threshold;
        this.value = value;
    }

    public double threshold() {
        return threshold;
    }

    public double value() {
        return value;
    }

    @Override
    protected Tensor forward(Tensor x) {
        return F.threshold(x, threshold, value);
    }

    @Override
    protected String extraRepr() {
        return "threshold=" + PythonText.number(threshold) + ", value=" + PythonText.number(value);
    }
}
