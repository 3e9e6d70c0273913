package org.bitgrid.tensor.cpu.simd;

/** A loop that does nothing but multiply and add, as fast as this machine can. */
public interface PeakLoop {
    /** Multiply-adds in one round, over all lanes. */
    long multiplyAddsPerRound(int chains);

    /**
     * Runs the loop.
     *
     * @param chains how many sums grow independently of each other: 8, 12 or 16
     * @return a number that depends on all of them, so that no compiler leaves them out
     */
    float run(int chains, int rounds);
}
