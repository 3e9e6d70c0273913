package org.bitgrid.quant.export;

/**
 * An encoding that no quantizer gave.
 *
 * @param name     of the tensor
 * @param kind     why it is there
 * @param from     the tensor whose encoding it was derived from; empty when from none
 * @param encoding the encoding
 */
public record FurtherEncoding(String name, Kind kind, String from, FileEncoding encoding) {
    /** Why an encoding is there. */
    public enum Kind {
        /** The step only moves data. */
        INHERITED("inherited"),
        /** The step multiplies or divides by a constant. */
        RESCALED("rescaled"),
        /** A constant that a step multiplies or divides by. */
        CONSTANT("constant"),
        /** A bias as 32-bit integers. */
        INT32_BIAS("int32 bias");

        private final String label;

        Kind(String label) {
            this.label = label;
        }

        static Kind of(String label) {
            for (Kind kind : values()) {
                if (kind.label.equals(label)) {
                    return kind;
                }
            }
            return null;
        }

        @Override
        public String toString() {
            return label;
        }
    }

    NamedEncoding named() {
        return new NamedEncoding(name, encoding);
    }
}
