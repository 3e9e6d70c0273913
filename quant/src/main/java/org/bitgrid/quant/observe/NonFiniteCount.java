package org.bitgrid.quant.observe;

/** How many of the observed values were NaN, and how many infinite. */
public final class NonFiniteCount {
    private long nan;
    private long infinite;

    NonFiniteCount() {
    }

    void add(long moreNan, long moreInfinite) {
        nan += moreNan;
        infinite += moreInfinite;
    }

    void add(NonFiniteCount other) {
        add(other.nan, other.infinite);
    }

    void clear() {
        nan = 0;
        infinite = 0;
    }

    /** Number of NaN. */
    public long nan() {
        return nan;
    }

    /** Number of infinities of either sign. */
    public long infinite() {
        return infinite;
    }

    public boolean isEmpty() {
        return nan == 0 && infinite == 0;
    }

    /** {@code 3 NaN, 1 infinite}. */
    @Override
    public String toString() {
        return nan + " NaN, " + infinite + " infinite";
    }
}
