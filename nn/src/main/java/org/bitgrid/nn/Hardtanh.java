package org.bitgrid.nn;

import org.bitgrid.tensor.Tensor;

/** min(max(x, least), most), element by element. */
public final class Hardtanh extends Module {
    private final double least;
    private final double most;

    /** With bounds -1 and 1. */
    public Hardtanh() {
        this(-1, 1);
    }

    /**
     * @param least lower bound
     * @param most upper bound
     */
    public Hardtanh(double least, double most) {
        this.least = least;
        this.most = most;
    }

    public double least() {
        return least;
    }

    public double most() {
        return most;
    }

    @Override
    protected Tensor forward(Tensor x) {
        return F.hardtanh(x, least, most);
    }

    @Override
    protected String extraRepr() {
        return "min_val=" + PythonText.number(least) + ", max_val=" + PythonText.number(most);
    }
}
