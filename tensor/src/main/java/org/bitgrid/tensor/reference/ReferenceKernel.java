package org.bitgrid.tensor.reference;

import org.bitgrid.tensor.op.Op;

/** The definition of one operator: naive loops over doubles. Outputs arrive zero-filled. */
@FunctionalInterface
interface ReferenceKernel<O extends Op> {
    /** For an operator that mutates input i as output j, {@code outputs[j]} is {@code inputs[i]}. */
    void run(O op, RefArray[] inputs, RefArray[] outputs);
}
