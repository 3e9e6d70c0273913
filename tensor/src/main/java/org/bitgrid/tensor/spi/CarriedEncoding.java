package org.bitgrid.tensor.spi;

import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.op.Op;

/**
 * What may stand in a tensor's encoding slot. The dispatcher asks it what is left after an operator, and knows nothing
 * of encodings itself.
 */
public interface CarriedEncoding {
    /**
     * The encoding of an output of an operator whose input 0 carries this one, or null for none.
     *
     * @param index which output
     */
    CarriedEncoding after(Op op, int index, Tensor output);
}
