package org.bitgrid.quant.export;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.bitgrid.quant.encoding.AffineEncoding;
import org.bitgrid.quant.encoding.EncodingMath;
import org.bitgrid.quant.encoding.Grid;
import org.bitgrid.quant.quantizer.Quantizer;
import org.bitgrid.quant.sim.QuantizationSimModel;
import org.bitgrid.tensor.Shape;

/**
 * Biases as a target adds them: 32-bit integers on the grid of the products, scale = scale of the input · scale of the
 * weight, for each channel of the weight. Where the input's scale is not known, or the bias would not fit, it is the
 * bias's own range that decides.
 */
final class BiasEncodings {
    private static final int BITS = 32;
    private static final Grid GRID = Grid.ofBits(BITS, true);

    private BiasEncodings() {
    }

    /**
     * @param inputs encodings of what goes into each module that has one input, by path
     */
    static List<FurtherEncoding> of(QuantizationSimModel sim, Map<String, FileEncoding> inputs) {
        List<FurtherEncoding> found = new ArrayList<>();
        sim.quantizedModules().forEach((path, module) -> {
            boolean applies = module.paramNames().contains("bias") && module.paramNames().contains("weight")
                    && module.paramQuantizer("bias") == null && module.ownParameters().get("bias") != null;
            Quantizer weight = applies ? module.paramQuantizer("weight") : null;
            if (weight != null && weight.encoding() instanceof AffineEncoding affine) {
                float[] bias = module.ownParameters().get("bias").held().toFloatArray();
                found.add(new FurtherEncoding(path + ".bias", FurtherEncoding.Kind.INT32_BIAS, path + ".weight",
                        encoding(bias, affine, inputs.get(path))));
            }
        });
        return found;
    }

    private static FileEncoding encoding(float[] bias, AffineEncoding weight, FileEncoding input) {
        float[] weightScale = channelScale(weight, bias.length);
        boolean known = input != null && !input.isFloat() && input.isPerTensor() && weightScale != null;
        boolean perTensor = weight.shape().numel() == 1;
        List<Float> scale = new ArrayList<>();
        for (int i = 0; i < (perTensor ? 1 : bias.length); i++) {
            float largest = perTensor ? largest(bias) : Math.abs(bias[i]);
            float product = known ? input.scale().get(0) * weightScale[perTensor ? 0 : i] : 0;
            scale.add(product > 0 && largest / (double) product < GRID.qmax() ? product : ownScale(largest));
        }
        List<Long> lowest = Collections.nCopies(scale.size(), GRID.qmin());
        Shape shape = perTensor ? Shape.SCALAR : Shape.of(bias.length);
        return new FileEncoding(false, BITS, true, Optional.of(true), scale, lowest, shape, perTensor ? -1 : 0, 0, null,
                null, 0);
    }

    /** One scale for the tensor or for each channel of the output, or null. */
    private static float[] channelScale(AffineEncoding weight, int channels) {
        if (weight.grouping().isPresent()) {
            List<Float> groups = weight.grouping().get().groupScale();
            float[] scale = new float[groups.size()];
            for (int i = 0; i < scale.length; i++) {
                scale[i] = groups.get(i);
            }
            return scale.length == channels ? scale : null;
        }
        boolean fits = weight.blockSize().isEmpty() && (weight.shape().numel() == 1
                || weight.shape().numel() == channels);
        return fits ? weight.scale() : null;
    }

    private static float largest(float[] values) {
        float largest = 0;
        for (float value : values) {
            largest = Math.max(largest, Math.abs(value));
        }
        return largest;
    }

    private static float ownScale(float largest) {
        return Math.max(largest / GRID.qmax(), EncodingMath.minimumScale(GRID.steps()));
    }
}
