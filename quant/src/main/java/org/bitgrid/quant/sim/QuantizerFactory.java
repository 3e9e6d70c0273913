package org.bitgrid.quant.sim;

import java.util.Arrays;
import java.util.List;
import org.bitgrid.nn.Parameter;
import org.bitgrid.quant.QuantScheme;
import org.bitgrid.quant.config.EncodingConstraints;
import org.bitgrid.quant.encoding.FloatFormat;
import org.bitgrid.quant.encoding.Grid;
import org.bitgrid.quant.observe.EncodingAnalyzer;
import org.bitgrid.quant.quantizer.AffineQuantizer;
import org.bitgrid.quant.quantizer.FloatQuantizeDequantize;
import org.bitgrid.quant.quantizer.QuantizeDequantize;
import org.bitgrid.quant.quantizer.Quantizer;
import org.bitgrid.tensor.DType;
import org.bitgrid.tensor.Shape;
import org.bitgrid.tensor.Tensors;

/** Makes the quantizers that a placement asks for. */
final class QuantizerFactory {
    private static final Shape PER_TENSOR = Shape.of(1);

    private final QuantScheme scheme;

    QuantizerFactory(QuantScheme scheme) {
        this.scheme = scheme;
    }

    /**
     * The quantizer for a slot, or null where a number format keeps everything as it is.
     *
     * @param parameter what is quantized, or null for an input or output
     */
    Quantizer make(SlotPlan plan, Parameter parameter) {
        if (plan.isFloat()) {
            return plan.bitwidth() == 32 ? null : new FloatQuantizeDequantize(FloatFormat.FLOAT16);
        }
        Shape shape = parameter == null ? PER_TENSOR : shape(parameter.shape(), plan.channelAxis());
        QuantScheme first = plan.constraints() == null ? scheme.initialScheme() : QuantScheme.MIN_MAX;
        AffineQuantizer quantizer = new QuantizeDequantize(shape, Grid.ofBits(plan.bitwidth(), plan.symmetric()),
                plan.symmetric(), EncodingAnalyzer.of(first, shape), List.of(), 0);
        quantizer.requiresGrad(scheme.learnsRange());
        if (plan.constraints() != null) {
            constrain(quantizer, plan.constraints());
        }
        return quantizer;
    }

    /** One range for each index of an axis, or one in all for -1. */
    static Shape shape(Shape tensor, int channelAxis) {
        if (channelAxis < 0 || channelAxis >= tensor.rank()) {
            return PER_TENSOR;
        }
        int[] dims = new int[tensor.rank()];
        Arrays.fill(dims, 1);
        dims[channelAxis] = tensor.dim(channelAxis);
        return Shape.of(dims);
    }

    private static void constrain(AffineQuantizer quantizer, EncodingConstraints constraints) {
        fix(quantizer, "min", constraints.min());
        fix(quantizer, "max", constraints.max());
        quantizer.allowOverwrite(constraints.min() == null, constraints.max() == null);
    }

    private static void fix(AffineQuantizer quantizer, String end, Double value) {
        if (value != null) {
            Parameter parameter = quantizer.ownParameters().get(end);
            parameter.requiresGrad(false);
            parameter.set(Tensors.full(quantizer.shape(), value, DType.FLOAT32));
        }
    }
}
