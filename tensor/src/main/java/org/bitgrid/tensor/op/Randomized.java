package org.bitgrid.tensor.op;

import org.bitgrid.tensor.Rng;

/** An operator that carries the seed of the random numbers it uses. */
public interface Randomized extends Op {
    /** The same operator with a seed drawn from {@code rng}: what a recorded graph does before each run. */
    Op redraw(Rng rng);
}
