package org.bitgrid.nn;

import org.bitgrid.tensor.Tensor;

/** Joins dimensions into one: by default all but the first. */
public final class Flatten extends Module {
    private final int start;
    private final int end;

    /** Joins all dimensions but the first. */
    public Flatten() {
        this(1, -1);
    }

    /** Joins dimensions {@code start} to {@code end}, inclusive; negative ones count from the end. */
    public Flatten(int start, int end) {
        this.start = start;
        this.end = end;
    }

    public int start() {
        return start;
    }

    public int end() {
        return end;
    }

    @Override
    protected Tensor forward(Tensor x) {
        return F.flatten(x, start, end);
    }

    @Override
    protected String extraRepr() {
        return "start_dim=" + start + ", end_dim=" + end;
    }
}
