package org.bitgrid.quant.sim;

/**
 * A place where a quantizer can be.
 *
 * @param module dotted path of the layer
 * @param kind   what is quantized there
 * @param name   of the parameter, or number of the input or output
 */
public record SlotId(String module, Kind kind, String name) {
    /** What a quantizer quantizes. */
    public enum Kind {
        PARAM("param_quantizers"), INPUT("input_quantizers"), OUTPUT("output_quantizers");

        private final String children;

        Kind(String children) {
            this.children = children;
        }

        /** Name of the layer's child that holds these quantizers. */
        public String children() {
            return children;
        }
    }

    static SlotId input(String module, int index) {
        return new SlotId(module, Kind.INPUT, Integer.toString(index));
    }

    static SlotId output(String module, int index) {
        return new SlotId(module, Kind.OUTPUT, Integer.toString(index));
    }

    static SlotId param(String module, String name) {
        return new SlotId(module, Kind.PARAM, name);
    }

    /** Number of the input or output. */
    public int index() {
        return Integer.parseInt(name);
    }

    /** Path of the quantizer, such as {@code conv1.param_quantizers.weight}. */
    public String path() {
        return module + "." + kind.children() + "." + name;
    }

    /** As in {@code conv1.output[0]} and {@code conv1.weight}. */
    @Override
    public String toString() {
        return switch (kind) {
            case PARAM -> module + "." + name;
            case INPUT -> module + ".input[" + name + "]";
            case OUTPUT -> module + ".output[" + name + "]";
        };
    }
}
