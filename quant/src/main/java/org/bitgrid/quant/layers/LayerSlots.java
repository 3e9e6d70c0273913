package org.bitgrid.quant.layers;

import java.util.List;

/**
 * Where a class of layers can have quantizers, and what targets call its operator.
 *
 * @param inputs        number of inputs that can be quantized, or {@link #AS_CALLED}
 * @param outputs       number of outputs that can be quantized; {@link #ONE_FOR_ALL} has one quantizer for all of them
 * @param operatorTypes names of the operator in target configurations, ONNX's first; empty when no rule names it
 */
public record LayerSlots(int inputs, int outputs, List<String> operatorTypes) {
    /** As many inputs as the call in the graph has. */
    public static final int AS_CALLED = -1;
    /** One quantizer that serves all outputs, however many there are. */
    public static final int ONE_FOR_ALL = -1;

    public LayerSlots {
        operatorTypes = List.copyOf(operatorTypes);
    }

    /** One input, one output. */
    public static LayerSlots unary(String... operatorTypes) {
        return new LayerSlots(1, 1, List.of(operatorTypes));
    }

    /** Two inputs, one output. */
    public static LayerSlots binary(String... operatorTypes) {
        return new LayerSlots(2, 1, List.of(operatorTypes));
    }

    /** Any numbers. */
    public static LayerSlots of(int inputs, int outputs, String... operatorTypes) {
        return new LayerSlots(inputs, outputs, List.of(operatorTypes));
    }

    /** Number of output quantizers. */
    public int outputSlots() {
        return outputs == ONE_FOR_ALL ? 1 : outputs;
    }
}
