package org.bitgrid.quant.quantizer;

import org.bitgrid.quant.encoding.AffineEncoding;
import org.bitgrid.quant.encoding.Grid;
import org.bitgrid.tensor.Storage;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.spi.TensorAccess;

/** Scale and offset of a range that does not learn, remembered for as long as the range stays the same. */
record FixedScale(Storage first, int firstVersion, Storage second, int secondVersion, Grid grid, boolean symmetric,
                  AffineQuantizer.Scale scale) {
    static FixedScale of(Tensor first, Tensor second, Grid grid, boolean symmetric, AffineQuantizer.Scale scale) {
        TensorAccess.get().retain(scale.scale()); // outlives the scope of its first use
        TensorAccess.get().retain(scale.offset());
        return new FixedScale(first.storage(), first.storage().version(), second.storage(), second.storage().version(),
                grid, symmetric, scale);
    }

    boolean isOf(Tensor nowFirst, Tensor nowSecond, Grid nowGrid, boolean nowSymmetric) {
        return nowFirst.storage() == first && first.version() == firstVersion && nowSecond.storage() == second
                && second.version() == secondVersion && nowGrid.equals(grid) && nowSymmetric == symmetric;
    }
}
