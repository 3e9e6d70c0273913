package org.bitgrid.quant.export;

import org.bitgrid.quant.encoding.EncodingMath;
import org.bitgrid.quant.encoding.Grid;
import org.bitgrid.quant.quantizer.AffineQuantizer;
import org.bitgrid.tensor.Tensors;

/** Gives quantizers the ranges that files tell. */
final class EncodingRanges {
    private EncodingRanges() {
    }

    /** Sets the range so that scales and offsets are those of the encoding; the grid must have as many codes. */
    static void set(AffineQuantizer quantizer, FileEncoding encoding) {
        Grid grid = quantizer.grid();
        int count = encoding.scale().size();
        float[] min = new float[count];
        float[] max = new float[count];
        for (int i = 0; i < count; i++) {
            float[] ends = EncodingMath.range(encoding.scale().get(i), encoding.lowest().get(i) - grid.qmin(), grid,
                    encoding.symmetric());
            min[i] = ends[0];
            max[i] = ends[1];
        }
        int[] dims = quantizer.shape().toArray();
        quantizer.setRange(Tensors.of(min, dims), Tensors.of(max, dims));
    }
}
