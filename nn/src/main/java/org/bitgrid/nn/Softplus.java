package org.bitgrid.nn;

import org.bitgrid.tensor.Tensor;

/** log(1 + exp(beta · x)) / beta, element by element; x itself where beta · x is above the threshold. */
public final class Softplus extends Module {
    private final double beta;
    private final double threshold;

    /** With beta 1 and threshold 20. */
    public Softplus() {
        this(1, 20);
    }

    /**
     * @param beta steepness; not 0
     * @param threshold where it becomes linear
     */
    public Softplus(double beta, double threshold) {
        this.beta = beta;
        this.threshold = threshold;
    }

    public double beta() {
        return beta;
    }

    public double threshold() {
        return threshold;
    }

    @Override
    protected Tensor forward(Tensor x) {
        return F.softplus(x, beta, threshold);
    }

    @Override
    protected String extraRepr() {
        return "beta=" + PythonText.number(beta) + ", threshold=" + PythonText.number(threshold);
    }
}
