package org.bitgrid.quant.encoding;

import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.op.Cast;
import org.bitgrid.tensor.op.Copy;
import org.bitgrid.tensor.op.Gather;
import org.bitgrid.tensor.op.IndexSelect;
import org.bitgrid.tensor.op.Op;
import org.bitgrid.tensor.op.Sort;
import org.bitgrid.tensor.spi.CarriedEncoding;
import org.bitgrid.tensor.spi.TensorAccess;

/**
 * What is known of a tensor that came out of a quantizer; kept in the tensor's encoding slot. Copies keep it, and so do
 * operators that only place or select elements where one scale holds for all of them. All others drop it.
 *
 * @param encoding how codes and numbers correspond
 * @param codes    whether the elements are codes; otherwise they are numbers on the grid
 */
public record TensorEncoding(Encoding encoding, boolean codes) implements CarriedEncoding {
    /** What is known of this tensor, or null. */
    public static TensorEncoding of(Tensor tensor) {
        return (TensorEncoding) TensorAccess.get().encoding(tensor);
    }

    /** Notes the encoding on a tensor and returns it. */
    public Tensor attach(Tensor tensor) {
        TensorAccess.get().setEncoding(tensor, this);
        return tensor;
    }

    @Override
    public CarriedEncoding after(Op op, int index, Tensor output) {
        if (op instanceof Copy) {
            return this;
        }
        if (op instanceof Cast) {
            return output.dtype().isFloating() ? this : null;
        }
        boolean moves = op.movesDataOnly() || op instanceof Gather || op instanceof IndexSelect
                || op instanceof Sort && index == 0;
        return moves && encoding.granularity() == Granularity.PER_TENSOR ? this : null;
    }
}
