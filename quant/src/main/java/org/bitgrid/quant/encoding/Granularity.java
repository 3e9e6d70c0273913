package org.bitgrid.quant.encoding;

/** What one scale holds for. */
public enum Granularity {
    PER_TENSOR("pertensor"),
    PER_CHANNEL("perchannel"),
    PER_BLOCK("blockwise"),
    /** Scales along several dimensions without blocks. */
    UNKNOWN("unknown");

    private final String label;

    Granularity(String label) {
        this.label = label;
    }

    /** AIMET's word, such as {@code perchannel}. */
    @Override
    public String toString() {
        return label;
    }
}
