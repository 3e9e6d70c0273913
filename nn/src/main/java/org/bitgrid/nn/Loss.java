package org.bitgrid.nn;

import org.bitgrid.tensor.op.Reduction;

/**
 * A loss that reduces to one number unless told otherwise.
 *
 * @param <L> the loss itself, for fluent settings
 */
public abstract class Loss<L extends Loss<L>> extends Module {
    private Reduction reduction = Reduction.MEAN;

    Loss() {
    }

    abstract L self();

    /** How the losses of all elements become one number; the mean by default. Returns this. */
    public final L reduction(Reduction kind) {
        checkNotBuilt("reduction");
        reduction = kind;
        return self();
    }

    final Reduction reduction() {
        return reduction;
    }
}
