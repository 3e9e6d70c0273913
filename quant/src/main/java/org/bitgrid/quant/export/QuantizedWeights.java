package org.bitgrid.quant.export;

import java.util.Arrays;
import java.util.List;
import org.bitgrid.quant.encoding.AffineEncoding;
import org.bitgrid.quant.encoding.Grid;
import org.bitgrid.quant.quantizer.QuantizeDequantize;
import org.bitgrid.tensor.BitgridException;
import org.bitgrid.tensor.Dispatch;
import org.bitgrid.tensor.Tensor;

/** Checks that a parameter is another one, quantized. */
final class QuantizedWeights {
    private QuantizedWeights() {
    }

    /** What is wrong, or null. Which floating-point format was used files by module do not say. */
    static String fault(Tensor trained, Tensor quantized, FileEncoding encoding, ExportNotes.Division division) {
        if (encoding.isFloat() != division.isFloat()) {
            return "the model notes " + (division.isFloat() ? "floating point" : "integers");
        }
        if (encoding.isFloat()) {
            return null;
        }
        if (encoding.scale().size() != division.shape().numel()) {
            return "got " + encoding.scale().size() + " scales; the model notes " + division.shape();
        }
        try (Dispatch.Scope grad = Dispatch.gradEnabled(false)) {
            QuantizeDequantize quantizer = new QuantizeDequantize(division.shape(),
                    Grid.ofBits(encoding.bitwidth(), division.signed()), encoding.symmetric(), null,
                    division.blockSize(), encoding.zeroPointShift());
            EncodingRanges.set(quantizer, encoding);
            if (!sameScales(quantizer.encoding(), encoding.scale())) {
                return "no range has these scales";
            }
            boolean same = Arrays.equals(quantizer.call(trained).toFloatArray(), quantized.toFloatArray());
            return same ? null : "values differ";
        } catch (BitgridException fault) {
            return fault.getMessage();
        }
    }

    private static boolean sameScales(AffineEncoding encoding, List<Float> scales) {
        float[] actual = encoding.scale();
        for (int i = 0; i < actual.length; i++) {
            if (actual[i] != scales.get(i)) {
                return false;
            }
        }
        return true;
    }
}
