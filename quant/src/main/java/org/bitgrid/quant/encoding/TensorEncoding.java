package org.bitgrid.quant.encoding;

import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.spi.TensorAccess;

/**
 * What is known of a tensor that came out of a quantizer; kept in the tensor's encoding slot.
 *
 * @param encoding how codes and numbers correspond
 * @param codes    whether the elements are codes; otherwise they are numbers on the grid
 */
public record TensorEncoding(Encoding encoding, boolean codes) {
    /** What is known of this tensor, or null. */
    public static TensorEncoding of(Tensor tensor) {
        return (TensorEncoding) TensorAccess.get().encoding(tensor);
    }

    /** Notes the encoding on a tensor and returns it. */
    public Tensor attach(Tensor tensor) {
        TensorAccess.get().setEncoding(tensor, this);
        return tensor;
    }
}
